import { expect } from 'chai';
import fc from 'fast-check';
import { isObject } from '../../../schemas/objects.js';
import type { SelectedField } from '../../../adapters/port.js';
import { restSource } from '../../../adapters/rest/source.js';
import { someCalls } from '../../recorded-calls.js';
import type { entities } from '../selections.js';
import { leaf, list, object } from '../selections.js';
import { adapterOf, answerOf, persons, registerOf, type Answer } from './asked-register.js';
import { beyondOf } from '../../beyond.js';

const SOURCE = `
operations:
  persons:
    request: { method: POST, path: /persons, body: { numbers: "{iin[]}", fields: "{select[]}" } }
    select: { separator: . }
    batch: { max: 20, answer: unordered, key: [number], absent: omitted }
    answer: { items: [persons] }
types:
  Person:
    key: iin
    batch: persons
    fields:
      iin: number
      first: name.first
      last: name.last
      birth: { at: [birth, date], discriminator: { at: [type], types: { Date: FullDate, Year: YearOnly } } }
      home: { at: [home], type: Home }
      cards: { at: [cards], type: Card }
      numbers: { at: [cards, number] }
      spouse: { at: [spouse, number], reference: Person }
      unknown: { not_provided: "the register does not know" }
  FullDate: { fields: { date: date } }
  YearOnly: { fields: { year: year } }
  Home: { fields: { street: address.street, town: { at: [address, town], type: Town } } }
  Town: { fields: { name: name, code: { at: [codes, 0, value] } } }
  Card: { fields: { number: number, issuer: issuer.name } }
`;

const RECORD = {
  number: '1',
  name: { first: 'A', last: 'B', secret: 'S' },
  birth: { date: { type: 'Date', date: '2001-02-03', secret: 'S' }, place: 'S' },
  home: { address: { street: 'X', town: { name: 'T', codes: [{ value: '7', of: 'S' }], secret: 'S' } }, secret: 'S' },
  cards: [
    { number: '1', issuer: { name: 'I', secret: 'S' } },
    { number: '2', issuer: null },
  ],
  spouse: { number: '2', secret: 'S' },
};

type Below = Parameters<typeof entities>[1];

/** Every selection below a person, one field each, with the paths that it needs. */
const FIELDS: readonly { readonly field: Below[number]; readonly paths: readonly string[] }[] = [
  { field: leaf('iin'), paths: ['number'] },
  { field: leaf('first'), paths: ['name.first'] },
  { field: leaf('last', 'family'), paths: ['name.last'] },
  {
    field: (parentType) => ({
      ...object('birth', 'Birth', [])(parentType),
      fields: [leaf('date')('FullDate'), leaf('year')('YearOnly'), leaf('__typename')('Birth')],
    }),
    paths: ['birth.date.type', 'birth.date.date', 'birth.date.year'],
  },
  { field: object('home', 'Home', [leaf('street')], 'street'), paths: ['home.address.street'] },
  { field: object('home', 'Home', [object('town', 'Town', [leaf('name')])]), paths: ['home.address.town.name'] },
  {
    field: object('home', 'Home', [object('town', 'Town', [leaf('code'), leaf('__typename')])], 'code'),
    paths: ['home.address.town.codes.value'],
  },
  { field: list('cards', 'Card', [leaf('number')]), paths: ['cards.number'] },
  { field: list('cards', 'Card', [leaf('issuer')], 'issuers'), paths: ['cards.issuer.name'] },
  {
    field: (parentType): SelectedField => ({ ...list('numbers', 'String', [])(parentType) }),
    paths: ['cards.number'],
  },
  { field: object('spouse', 'Person', [leaf('iin')]), paths: ['spouse.number'] },
  { field: leaf('unknown'), paths: [] },
];

/** What a register sends that gives what is asked for and nothing else. */
function pruned(value: unknown, paths: readonly (readonly string[])[]): unknown {
  if (Array.isArray(value)) return value.map((item) => pruned(item, paths));
  if (!isObject(value)) return value;
  const names = new Set(paths.map(([name]) => name ?? ''));
  return Object.fromEntries(
    [...names]
      .filter((name) => Object.hasOwn(value, name))
      .map((name) => {
        const below = paths.filter(([first]) => first === name).map((path) => path.slice(1));
        return [name, below.some((path) => path.length === 0) ? value[name] : pruned(value[name], below)];
      }),
  );
}

const asked: string[][] = [];
const answering =
  (send: (fields: readonly string[]) => unknown): Answer =>
  ({ request }) => {
    const { fields } = JSON.parse(request.body ?? '') as { readonly fields: string[] };
    asked.push(fields);
    return { status: 200, body: { persons: [send(fields)] } };
  };
const exact = (fields: readonly string[]): unknown =>
  pruned(
    RECORD,
    fields.map((path) => path.split('.')),
  );
const adapterAnswering = (send: (fields: readonly string[]) => unknown, source = SOURCE) =>
  adapterOf({ source, register: registerOf(answering(send)) });

describe('a register that takes the paths of what is wanted', () => {
  beforeEach(() => {
    asked.length = 0;
  });

  it('is asked for the whole path of each wanted value, and for nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray([...FIELDS], { minLength: 1 }), async (wanted) => {
        asked.length = 0;
        const below = wanted.map(({ field }) => field);
        const adapter = adapterAnswering(exact);
        const group = persons(adapter, below, { iin: '1' });
        const call = { requestId: 'r-1', calls: someCalls(), groups: [group], deadline: Infinity };
        const answer = await adapter.read(call);
        const needed = new Set(['number', ...wanted.flatMap(({ paths }) => paths)]);
        expect(asked).to.deep.equal([[...needed].sort()]);
        // A register that sends whole records gives the same answer, and is found out.
        const whole = adapterAnswering(() => RECORD);
        const same = await whole.read({ ...call, groups: [persons(whole, below, { iin: '1' })] });
        const read = ({ groups }: typeof answer): unknown => groups.map(({ records, errors }) => ({ records, errors }));
        expect(read(answer)).to.deep.equal(read(same));
        expect(answer.groups[0]?.errors).to.deep.equal([]);
        expect(beyondOf(answer)).to.deep.equal([]);
        expect(beyondOf(same)).to.not.deep.equal([]);
      }),
      { numRuns: 60 },
    );
  });

  it('is asked only for members of the record where the mapping says no separator', async () => {
    const source = SOURCE.replace('select: { separator: . }', '');
    const adapter = adapterAnswering(() => RECORD, source);
    await answerOf(adapter, persons(adapter, [leaf('first'), list('cards', 'Card', [leaf('number')])], { iin: '1' }));
    expect(asked).to.deep.equal([['cards', 'name', 'number']]);
  });

  it('is told by any signs between the names', async () => {
    const adapter = adapterAnswering(() => RECORD, SOURCE.replace('separator: .', 'separator: "/"'));
    await answerOf(adapter, persons(adapter, [leaf('first')], { iin: '1' }));
    expect(asked).to.deep.equal([['name/first', 'number']]);
  });

  it('is not asked for an object of which no value is wanted: the object is an error, and the rest stands', async () => {
    const adapter = adapterAnswering(exact);
    const bare = object('home', 'Home', [object('town', 'Town', [leaf('__typename')]), leaf('__typename')]);
    const half = object('home', 'Home', [object('town', 'Town', [leaf('__typename')]), leaf('street')], 'half');
    const group = persons(adapter, [leaf('first'), bare, half], { iin: '1' });
    expect(await answerOf(adapter, group)).to.deep.equal([
      {
        records: [{ first: 'A', home: null, half: { town: null, street: 'X' } }],
        errors: [
          { path: [0, 'home'], reason: 'value_type' },
          { path: [0, 'half', 'town'], reason: 'value_type' },
        ],
      },
    ]);
    expect(asked).to.deep.equal([['home.address.street', 'name.first', 'number']]);
  });

  it('is not asked for what is beside the record in an item', async () => {
    const source = SOURCE.replace('items: [persons]', 'items: [persons], record: [person]');
    for (const [key, wanted] of [
      ['[id]', ['name.first']],
      ['[person, number]', ['name.first', 'number']],
    ] as const) {
      asked.length = 0;
      const send = (fields: readonly string[]): unknown => ({ id: '1', person: exact(fields) });
      const adapter = adapterAnswering(send, source.replace('key: [number]', `key: ${key}`));
      const [group] = await answerOf(adapter, persons(adapter, [leaf('first')], { iin: '1' }));
      expect(group?.records).to.deep.equal([{ first: 'A' }]);
      expect(asked).to.deep.equal([wanted]);
    }
  });

  it('does not load with names that hold what stands between names', () => {
    const issuesOf = (request: string, field: string, select = ''): readonly string[] => {
      const [query, body] = request.startsWith('query') ? [request, ''] : ['', request];
      const read = restSource.safeParse({
        protocol: 'rest',
        operations: {
          persons: {
            request: { method: 'POST', path: '/persons', query: query ? { fields: given(query) } : {}, ...json(body) },
            ...(select === '' ? {} : { select: { separator: select } }),
          },
          other: { request: { path: '/other' } },
        },
        types: {
          Person: { key: 'iin', read: 'persons', fields: { iin: 'number', home: { at: ['home'], type: 'Home' } } },
          Home: { fields: { street: { at: [field] } } },
          Other: { key: 'id', read: 'other', fields: { id: { at: [field] } } },
        },
      });
      return read.error?.issues.map(({ path, message }) => `${path.join('.')} ${message.split(':', 1)[0] ?? ''}`) ?? [];
    };
    const given = (text: string): unknown =>
      text.includes('joined') ? { joined: '{select[]}', with: '|' } : '{select}';
    const json = (body: string): object => (body === '' ? {} : { body: { fields: body, numbers: '{iin}' } });
    const at = 'types.Home.fields.street is at a name with';
    const between = 'which stands between names in {select} of persons';
    expect(issuesOf('{select[]}', 'a.b', '.')).to.deep.equal([`${at} ".", ${between}`]);
    expect(issuesOf('{select[]}', 'a.b')).to.deep.equal([]);
    expect(issuesOf('{select}', 'a,b')).to.deep.equal([`${at} ",", ${between}`]);
    expect(issuesOf('query', 'a,b')).to.deep.equal([`${at} ",", ${between}`]);
    expect(issuesOf('query joined', 'a|b')).to.deep.equal([`${at} "|", ${between}`]);
    expect(issuesOf('query joined', 'a,b')).to.deep.equal([]);
    expect(issuesOf('{iin}', 'a.b', '.').join()).to.include('nowhere');
  });
});
