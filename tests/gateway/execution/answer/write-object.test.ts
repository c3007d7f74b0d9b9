import { expect } from 'chai';
import { type ProjectedField, compileProjection } from '../../../../gateway/execution/answer/write-object.js';
import { NULL_BUBBLED, ERROR_REPORTED, Projection } from '../../../../gateway/execution/answer/projection.js';
import { Annotations } from '../../../../gateway/execution/data/annotations.js';
import { generateFunction } from '../../../../schemas/generated-function.js';

const upper: ProjectedField['complete'] = (value) =>
  value === null || value === undefined ? null : String(value).toUpperCase();

function field(dataKey: string, clientKey = dataKey, of: Partial<ProjectedField> = {}): ProjectedField {
  return { name: dataKey, dataKey, clientKey, complete: upper, leaf: false, ...of };
}

for (const [way, generate] of [
  ['generated', generateFunction],
  ['key by key', () => undefined],
] as const) {
  describe(`an object of the answer, ${way}`, () => {
    const project = (fields: readonly ProjectedField[], value: Readonly<Record<string, unknown>>): unknown =>
      compileProjection(fields, 'Doc', generate)({ ...value }, undefined, new Projection(new Annotations()));

    it('has the client’s keys in the client’s order, and no other', () => {
      const made = project(
        [field('b', 'z'), field('a'), field('__typename', 't', { complete: undefined, name: '__typename' })],
        { a: 'x', b: 'y', c: 'no' },
      );
      expect(JSON.stringify(made)).to.equal('{"z":"Y","a":"X","t":"Doc"}');
    });

    it('takes a plain leaf as it is, and completes one that is missing', () => {
      const asked: unknown[] = [];
      const leaf = { leaf: true, complete: (value: unknown) => (asked.push(value), value ?? null) };
      expect(
        JSON.stringify(
          project([field('a', 'a', leaf), field('b', 'b', leaf), field('c', 'c', leaf), field('d', 'd', leaf)], {
            a: 0,
            b: false,
            c: null,
          }),
        ),
      ).to.equal('{"a":0,"b":false,"c":null,"d":null}');
      expect(asked).to.include.members([null, undefined]);
    });

    it('becomes null when a null bubbled to it, after all its fields were completed', () => {
      const asked: string[] = [];
      const bubbling = field('a', 'a', { complete: () => NULL_BUBBLED });
      const next = field('b', 'b', { complete: (_value, _projection, _holder, key) => asked.push(String(key)) });
      expect(project([bubbling, next], {})).to.equal(ERROR_REPORTED);
      expect(asked).to.deep.equal(['b']);
    });

    it('has null where a null was reported', () => {
      expect(JSON.stringify(project([field('a', 'a', { complete: () => ERROR_REPORTED })], {}))).to.equal('{"a":null}');
    });

    it('gives the path of a value', () => {
      const places: unknown[] = [];
      const complete: ProjectedField['complete'] = (_value, _projection, _holder, key, before, answerKey) =>
        places.push([key, before, answerKey]);
      const path = { before: undefined, key: 'up' };
      compileProjection([field('_a_x', 'x', { complete })], 'Doc', generate)(
        { _a_x: 1 },
        path,
        new Projection(new Annotations()),
      );
      expect(places).to.deep.equal([['_a_x', path, 'x']]);
    });

    for (const key of ['__proto__', 'constructor', 'a"b', 'a\u2028b', '\\']) {
      it(`has ${JSON.stringify(key)} for a key of its own`, () => {
        const made = project([field('a', key)], { a: 'x' }) as object;
        expect(Object.keys(made)).to.deep.equal([key]);
        expect(JSON.parse(JSON.stringify(made))).to.have.own.property(key, 'X');
        expect({}).to.not.have.property('toUpperCase');
      });
    }

    it('can have many fields', () => {
      const fields = Array.from({ length: 300 }, (_, position) => field(`f${position}`));
      expect(Object.keys(project(fields, {}) as object)).to.have.length(300);
    });
  });
}
