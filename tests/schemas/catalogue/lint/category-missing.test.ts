import { expect } from 'chai';
import { found, PERSON } from '../registers.js';

describe('catalogue rule: category-missing', () => {
  it('finds a field that nothing puts into a category, with its line', () => {
    expect(found('category-missing', `type Query {\n  plain: Int\n}`)).to.deep.equal([
      '5: Query.plain has no category: write @category(name: "r....") on the field or its type',
    ]);
  });

  it('takes the category of the field, of the type, and of an interface', () => {
    const sdl = `
      interface Right @category(name: "r.rights") { share: String }
      type Land implements Right { share: String }
      type House @category(name: "r.houses") { area: String }
      extend type House { floors: Int }
      type Query { open: Int @category(name: "r.open", sensitivity: OPEN) }`;
    expect(found('category-missing', sdl)).to.deep.equal([]);
  });

  it('covers only the fields that an interface itself puts into a category', () => {
    expect(
      found(
        'category-missing',
        `interface Right { share: String @category(name: "r.rights") }\ntype Land implements Right { share: String\n area: String }`,
      ),
    ).to.have.length(1);
  });

  it('is content with a register in order', () => {
    expect(found('category-missing', PERSON)).to.deep.equal([]);
  });
});
