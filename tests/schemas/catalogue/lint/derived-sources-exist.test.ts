import { expect } from 'chai';
import { found } from '../registers.js';

const derived = (from: string): string =>
  `type Person @category(name: "r.a") { born: Int age: Int @derived(from: [${from}], by: "age") group: Int @derived(from: ["born"], by: "group") }`;

describe('catalogue rule: derived-sources-exist', () => {
  it('finds a source that is not a field of the type', () => {
    expect(found('derived-sources-exist', derived('"birth"'))).to.deep.equal([
      '4: Person.age is derived from "birth", which is not a plain field of Person',
    ]);
  });

  it('finds a source that is itself derived', () => {
    expect(found('derived-sources-exist', derived('"group"'))).to.have.length(1);
  });

  it('is content with plain sources', () => {
    expect(found('derived-sources-exist', derived('"born"'))).to.deep.equal([]);
  });
});
