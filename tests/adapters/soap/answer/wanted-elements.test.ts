import { expect } from 'chai';
import type { FetchSelection } from '../../../../adapters/port.js';
import { entities, leaf, list, object } from '../../selections.js';
import { ask, ONE, people } from '../asked-operation.js';

describe('what is in a record of a SOAP register', () => {
  const read = async (fields: string, inner: string, selection: FetchSelection, more = ''): Promise<unknown> => {
    const { answer } = await ask({
      operations: ONE('record: [people, person]'),
      types: `{ Person: { key: iin, read: ask, fields: { iin: iin, ${fields} } }${more} }`,
      answer: people(`<p:person><p:iin>1</p:iin>${inner}</p:person>`),
      iins: ['1'],
      selection,
    });
    const [{ records = [], errors = [] } = {}] = answer.groups;
    return errors.length === 0
      ? records[0]
      : [records[0], ...errors.map(({ path, reason }) => `${path.join('.')} ${reason}`)];
  };

  it('attributes, and a text beside them', async () => {
    const fields = 'sex: { at: [sex, "#text"] }, code: { at: [sex, "@code"] }';
    expect(
      await read(fields, '<p:sex code="1">M</p:sex>', entities('Person', [leaf('sex'), leaf('code')])),
    ).to.deep.equal({ sex: 'M', code: '1' });
    expect(await read(fields, '<p:sex code="1">M</p:sex>', entities('Person', [leaf('code')]))).to.deep.equal({
      code: '1',
    });
    expect(await read(fields, '<p:sex/>', entities('Person', [leaf('sex'), leaf('code')]))).to.deep.equal({
      sex: '',
      code: null,
    });
  });

  it('dates and times with a zone, by transforms', async () => {
    expect(
      await read(
        'born: { at: born, as: date, zone: drop }, at: { at: changed, as: instant }',
        '<p:born>2001-02-03+05:00</p:born><p:changed>2026-02-20T10:00:00+05:00</p:changed>',
        entities('Person', [leaf('born'), leaf('at')]),
      ),
    ).to.deep.equal({ born: '2001-02-03', at: '2026-02-20T10:00:00+05:00' });
  });

  it('items by their position, and lists through elements that come again', async () => {
    const inner = '<p:n><p:c>A</p:c></p:n><p:n><p:c>B</p:c></p:n>';
    expect(await read('second: { at: [n, 1, c] }', inner, entities('Person', [leaf('second')]))).to.deep.equal({
      second: 'B',
    });
    expect(await read('all: { at: [n, c] }', inner, entities('Person', [list('all', 'String', [])]))).to.deep.equal({
      all: ['A', 'B'],
    });
    expect(await read('one: { at: [n, c] }', inner, entities('Person', [leaf('one')]))).to.deep.equal([
      { one: null },
      '0.one value_type',
    ]);
  });

  it('lists that become one text, and a text that becomes a list', async () => {
    expect(
      await read(
        'whole: { at: n, as: join, with: " " }, parts: { at: csv, as: split, by: "," }',
        '<p:n>A</p:n><p:n>B</p:n><p:csv>1,2</p:csv>',
        entities('Person', [leaf('whole'), list('parts', 'String', [])]),
      ),
    ).to.deep.equal({ whole: 'A B', parts: ['1', '2'] });
  });

  it('types of a union, by an attribute of XML Schema or by an element', async () => {
    const more = ', Day: { fields: { day: { at: d } } }, Year: { fields: { year: { at: y } } }';
    const field = (at: string): string =>
      `born: { at: born, discriminator: { at: ${at}, types: { Date: Day, YearDate: Year } } }`;
    const selection = entities('Person', [
      (parentType) => ({
        ...object('born', 'Born', [])(parentType),
        fields: [leaf('day')('Day'), leaf('year')('Year'), leaf('__typename')('Born')],
      }),
    ]);
    const type = (name: string): string => `<p:born xsi:type="p:${name}"><p:d>2001-02-03</p:d><p:y>2001</p:y></p:born>`;
    expect(await read(field('"@xsi:type"'), type('Date'), selection, more)).to.deep.equal({
      born: { day: '2001-02-03', __typename: 'Day' },
    });
    expect(await read(field('"@xsi:type"'), type('YearDate'), selection, more)).to.deep.equal({
      born: { year: '2001', __typename: 'Year' },
    });
    expect(
      await read(field('kind'), '<p:born><p:kind>Date</p:kind><p:d>x</p:d></p:born>', selection, more),
    ).to.deep.equal({
      born: { day: 'x', __typename: 'Day' },
    });
    expect(await read(field('"@xsi:type"'), type('Other'), selection, more)).to.deep.equal([
      { born: null },
      '0.born discriminator_unknown',
    ]);
  });

  it('nothing that the register does not provide, and no fault of another field', async () => {
    expect(
      await read(
        'photo: { not_provided: it is base64 }, height: { at: h, as: integer }, name: name',
        '<p:h>tall</p:h><p:name>A</p:name>',
        entities('Person', [leaf('photo'), (type) => ({ ...leaf('height')(type), type: 'Int' }), leaf('name')]),
      ),
    ).to.deep.equal([{ photo: null, height: null, name: 'A' }, '0.height value_type']);
  });
});
