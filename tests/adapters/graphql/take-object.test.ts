import { expect } from 'chai';
import { compileTake, type Member } from '../../../adapters/graphql/take-object.js';
import { Numeral } from '../../../schemas/numeral.js';
import { generateFunction } from '../../../schemas/generated-function.js';
import { BeyondFinder } from '../../../adapters/mapping/unread.js';

const namesIn = ({ found }: BeyondFinder): readonly string[] =>
  (found?.fields ?? []).map(({ type, name }) => `${type}.${name}`);

const leaf = (key: string, of: Partial<Member> = {}): Member => ({
  key,
  required: true,
  lists: 0,
  freeForm: false,
  below: undefined,
  ...of,
});

for (const [way, generate] of [
  ['generated', generateFunction],
  ['member by member', () => undefined],
] as const) {
  describe(`taking an object of a response, ${way}`, () => {
    const take = (text: string, members: readonly Member[]) => {
      const malformed: string[] = [];
      const taking = {
        beyond: new BeyondFinder(),
        onMalformed: (path: readonly (string | number)[]) => void malformed.push(path.join('.')),
      };
      const made = compileTake('T', members, generate)(JSON.parse(text) as Record<string, unknown>, taking, undefined);
      return { made: JSON.stringify(made), malformed, beyond: namesIn(taking.beyond) };
    };
    const taken = (value: Record<string, unknown>, members: readonly Member[]) => {
      const malformed: string[] = [];
      const onMalformed = (path: readonly (string | number)[]): void => void malformed.push(path.join('.'));
      const made = compileTake('T', members, generate)(value, { beyond: new BeyondFinder(), onMalformed }, undefined);
      return { made: { ...made }, malformed };
    };

    it('takes what was selected, in the order of the selection', () => {
      expect(take('{"b":2,"a":"x","c":null}', [leaf('a'), leaf('b'), leaf('c')])).to.deep.equal({
        made: '{"a":"x","b":2,"c":null}',
        malformed: [],
        beyond: [],
      });
    });

    it('notes what is missing, of another form, and beyond', () => {
      expect(take('{"a":[],"c":{},"d":1}', [leaf('a'), leaf('b'), leaf('c')])).to.deep.equal({
        made: '{"a":null,"b":null,"c":null}',
        malformed: ['a', 'b', 'c'],
        beyond: ['T.d'],
      });
    });

    it('takes a kept numeral for a leaf, and for no object', () => {
      const below = compileTake('T', [leaf('source')], generate);
      const members = [leaf('a'), leaf('rows', { lists: 1 }), leaf('any', { freeForm: true }), leaf('one', { below })];
      const value = {
        a: new Numeral('19.10'),
        rows: [new Numeral('3.0')],
        any: { b: [new Numeral('-0')] },
        one: new Numeral('1e2'),
      };
      expect(taken(value, members)).to.deep.equal({
        made: { a: new Numeral('19.10'), rows: [new Numeral('3.0')], any: { b: [new Numeral('-0')] }, one: null },
        malformed: ['one'],
      });
    });

    it('leaves out what may be missing and is', () => {
      expect(take('{"a":1}', [leaf('a'), leaf('b', { required: false })])).to.deep.equal({
        made: '{"a":1}',
        malformed: [],
        beyond: [],
      });
    });

    it('goes into lists and objects, and says where something was wrong', () => {
      const below = compileTake('T', [leaf('x')], generate);
      const members = [leaf('rows', { lists: 2, below }), leaf('one', { below })];
      expect(take('{"rows":[[{"x":1},null],null,[{"x":{}}]],"one":[]}', members)).to.deep.equal({
        made: '{"rows":[[{"x":1},null],null,[{"x":null}]],"one":null}',
        malformed: ['rows.2.0.x', 'one'],
        beyond: [],
      });
    });

    for (const key of ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'a"b']) {
      it(`takes ${key} only when the register sent it`, () => {
        expect(take('{}', [leaf(key)])).to.deep.equal({
          made: `{${JSON.stringify(key)}:null}`,
          malformed: [key],
          beyond: [],
        });
        expect(take(`{${JSON.stringify(key)}:"sent"}`, [leaf(key)])).to.deep.equal({
          made: `{${JSON.stringify(key)}:"sent"}`,
          malformed: [],
          beyond: [],
        });
        expect({}).to.not.have.property('sent');
      });
    }

    it('makes objects that inherit nothing', () => {
      const made = compileTake('T', [leaf('a')], generate)(
        { a: 1 },
        { beyond: new BeyondFinder(), onMalformed: () => undefined },
        undefined,
      );
      expect('constructor' in made).to.equal(false);
    });
  });
}
