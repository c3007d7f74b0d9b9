import { expect } from 'chai';
import { fieldName, NameSet, typeName, typeNames } from '../../../../gateway/describe/write/names.js';

describe('names of a published document in GraphQL', () => {
  for (const [written, name] of [
    ['amount.total', 'amountTotal'],
    ['@id', 'id'],
    ['person-number', 'personNumber'],
    ['registered_on', 'registered_on'],
    ['_links', '_links'],
    ['_embedded', 'embedded'],
    ['__typename', 'typename'],
    ['Фамилия', 'familiya'],
    ['Құжат нөмірі', 'quzhatNomiri'],
    ['ИИН', 'iin'],
    ['Ærø', 'aero'],
    ['გვარი', 'gvari'],
    ['中', 'u4e2d'],
    ['62.010', 'n62010'],
    ['', 'field'],
  ] as const)
    it(`write ${JSON.stringify(written)} as ${name}`, () => {
      expect(fieldName(written)).to.equal(name);
      expect(name).to.match(/^[_A-Za-z][_0-9A-Za-z]*$/);
    });

  it('begin with a capital for types', () => {
    expect(['person-record', '_Organisasjonsformer', '1a', ''].map(typeName)).to.deep.equal([
      'PersonRecord',
      'Organisasjonsformer',
      'T1a',
      'Record',
    ]);
  });

  it('are numbered where two would be the same', () => {
    const names = new NameSet(['a']);
    expect([names.take('a'), names.take('a'), names.take('b')]).to.deep.equal(['a2', 'a3', 'b']);
  });

  it('are none that GraphQL or another register has', () => {
    const names = typeNames(['Person']);
    expect([names.take('Query'), names.take('Person'), names.take('Int')]).to.deep.equal(['Query2', 'Person2', 'Int2']);
  });
});
