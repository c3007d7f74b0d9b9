import { expect } from 'chai';
import fc from 'fast-check';
import { compileChain, compileTransform } from '../../../../adapters/mapping/transforms/compile-transform.js';
import { TRANSFORMS, type TransformSpec } from '../../../../adapters/mapping/transforms/transform.js';
import { ValueFault } from '../../../../adapters/mapping/value-fault.js';

/** Each transform with options, the type of its field, and what its values look like. */
const MADE: Readonly<
  Record<
    TransformSpec['as'],
    { readonly spec: TransformSpec; readonly type: string; readonly is: (value: unknown) => boolean }
  >
> = {
  text: { spec: { as: 'text' }, type: 'String', is: isText },
  digits: { spec: { as: 'digits', length: 4 }, type: 'String', is: matches(/^\d{4}$/) },
  decimal: { spec: { as: 'decimal' }, type: 'Decimal', is: matches(/^-?\d+(\.\d+)?$/) },
  integer: { spec: { as: 'integer' }, type: 'Int', is: (value) => Number.isInteger(value) },
  boolean: { spec: { as: 'boolean', codes: { Y: true } }, type: 'Boolean', is: (value) => typeof value === 'boolean' },
  code: { spec: { as: 'code', codes: { a: 'A' } }, type: 'String', is: (value) => value === 'A' },
  date: { spec: { as: 'date' }, type: 'LocalDate', is: matches(/^\d{4}-\d\d-\d\d$/) },
  instant: { spec: { as: 'instant', format: 'epoch_s' }, type: 'Instant', is: matches(/^\d{4}-\d\d-\d\dT.*Z$/) },
  trim: { spec: { as: 'trim' }, type: 'String', is: (value) => isText(value) && String(value).trim() === value },
  join: { spec: { as: 'join', with: ' ' }, type: 'String', is: isText },
  split: { spec: { as: 'split', by: ',' }, type: 'String', is: (value) => Array.isArray(value) && value.every(isText) },
  first: { spec: { as: 'first' }, type: 'String', is: () => true },
};

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function matches(expression: RegExp): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && expression.test(value);
}

describe('every transform', () => {
  for (const [as, { spec, type, is }] of Object.entries(MADE))
    it(`${as} gives a value of its form or refuses, for any value, and never throws`, () => {
      const { convert } = compileTransform(spec, type);
      fc.assert(
        fc.property(fc.oneof(fc.jsonValue(), fc.string(), fc.integer(), fc.double()), (value) => {
          if (value === null) return;
          const made = convert(value);
          expect(made instanceof ValueFault || is(made), JSON.stringify([value, made])).to.equal(true);
        }),
      );
    });

  it('says what it does', () => {
    for (const [as, { does }] of Object.entries(TRANSFORMS)) expect(does, as).to.match(/\.$/);
    expect(compileTransform({ as: 'instant', format: 'dd.MM.yyyy HH:mm', zone: 'UTC' }, 'Instant').says).to.equal(
      'instant dd.MM.yyyy HH:mm UTC',
    );
  });
});

describe('a chain of transforms', () => {
  it('is done in its order', () => {
    const chain = compileChain([{ as: 'split', by: ';' }, { as: 'trim' }, { as: 'join', with: ',' }], 'String', false);
    expect(chain.takesList).to.equal(false);
    expect(chain.whole?.(' a; b ')).to.equal('a,b');
    expect(chain.says).to.equal('split, trim, join');
  });

  it('puts nothing together of which a part cannot be converted', () => {
    const chain = compileChain(
      [
        { as: 'digits', length: 2 },
        { as: 'join', with: '' },
      ],
      'String',
      false,
    );
    expect(chain.whole?.(['01', 'x'])).to.be.instanceOf(ValueFault);
  });
});
