import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { expect } from 'chai';
import fc from 'fast-check';
import { Numeral } from '../../../schemas/numeral.js';
import { canonicalBytes, leafHash } from '../../../monitoring/audit/canonical.js';

describe('canonical form', () => {
  it('gives the bytes of the example in RFC 8785, section 3.2.4', () => {
    const value: unknown = JSON.parse(
      String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
    );
    const expected =
      '7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e333333333333332c31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d';
    expect(canonicalBytes(value).toString('hex')).to.equal(expected);
  });

  it('orders names by UTF-16 code units (RFC 8785, section 3.2.3)', () => {
    const value = { '€': 1, '\r': 2, '\ufb33': 3, '1': 4, '😀': 5, '\u0080': 6, ö: 7 };
    expect(Object.values(JSON.parse(canonicalBytes(value).toString('utf8')) as object).sort()).to.deep.equal([
      1, 2, 3, 4, 5, 6, 7,
    ]);
    expect(canonicalBytes(value).toString('utf8')).to.equal('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
  });

  it('is what the package of another author writes, for any JSON', () => {
    const serialize = canonicalize as unknown as (value: unknown) => string;
    const name = fc.oneof(
      fc.string(),
      fc.constantFrom('1', '10', '2', '01', '__proto__', 'toJSON', 'b', 'a', 'é', '\u{1f600}', '\ufb33'),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.oneof(
          fc.string(),
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.boolean(),
          fc.constantFrom(null, undefined),
        ),
        fc.constantFrom(new Numeral('19.10'), new Numeral('9007199254740993')),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(name, tie('value'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(value, (made) => {
        fc.pre(made !== undefined);
        expect(canonicalBytes(made).toString('utf8')).to.equal(serialize(made));
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on the order in which names were set', () => {
    expect(canonicalBytes({ b: [{ d: 1, c: 2 }], a: null })).to.deep.equal(
      canonicalBytes({ a: null, b: [{ c: 2, d: 1 }] }),
    );
  });

  it('puts few and many names in order, however they came', () => {
    const serialize = canonicalize as unknown as (value: unknown) => string;
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 30 }), fc.infiniteStream(fc.nat()), (names, numbers) => {
        const entries = [...numbers.take(names)].map((number) => [`n${number}`, number] as const);
        const made = Object.fromEntries(entries);
        expect(canonicalBytes(made).toString('utf8')).to.equal(serialize(made));
      }),
      { numRuns: 100 },
    );
  });

  it('throws for what JSON cannot say', () => {
    for (const value of [undefined, () => 1, Number.NaN, Number.POSITIVE_INFINITY, { deep: [Number.NaN] }])
      expect(() => canonicalBytes(value)).to.throw();
  });
});

describe('leaf hash', () => {
  it('is that of RFC 9162: a zero byte before the entry', () => {
    // The leaf of an empty entry, as in the test vectors of Certificate Transparency.
    expect(leafHash(Buffer.alloc(0)).toString('hex')).to.equal(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
    expect(leafHash(Buffer.from('ab'))).to.deep.equal(createHash('sha256').update('\0ab').digest());
  });
});
