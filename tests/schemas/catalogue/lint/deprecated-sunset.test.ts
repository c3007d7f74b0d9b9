import { expect } from 'chai';
import { found, PERSON } from '../registers.js';

const NAME = (deprecated: string): string => PERSON.replace('name: String', `name: String ${deprecated}`);

describe('catalogue rule: deprecated-sunset', () => {
  it('finds a deprecated field without a date', () => {
    const message =
      '8: Person.name is deprecated without a date: write @deprecated(reason: "what to use instead. Sunset YYYY-MM-DD.")';
    for (const deprecated of [
      '@deprecated',
      '@deprecated(reason: "use fullName")',
      '@deprecated(reason: "Sunset 2027-02-30")',
    ])
      expect(found('deprecated-sunset', NAME(deprecated)), deprecated).to.deep.equal([message]);
  });

  it('leaves one with a date, and fields that are not deprecated', () => {
    expect(found('deprecated-sunset', NAME('@deprecated(reason: "use fullName. Sunset 2027-06-30.")'))).to.deep.equal(
      [],
    );
    expect(found('deprecated-sunset', PERSON)).to.deep.equal([]);
  });
});
