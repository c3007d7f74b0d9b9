import { expect } from 'chai';
import { parse } from 'yaml';
import { restSource } from '../../../adapters/rest/source.js';
import { rejection } from '../../rejection.js';
import { leaf } from '../selections.js';
import { adapterOf, answerOf, persons, registerOf } from './asked-register.js';

const TYPES = `
types:
  Person: { key: [iin, year], batch: incomes, fields: { iin: number, year: year, total: total } }
`;
const incomes = (request: string, rest: string): string => `
constants: { kind: ALL }
operations:
  incomes:
    request: ${request}
    ${rest}
${TYPES}`;
const UNORDERED = `answer: { items: [items] }
    batch: { max: 2, answer: unordered, key: { iin: [number], year: [year] } }`;

const KEYS = [
  { iin: '1', year: 2024 },
  { iin: '2', year: 2024 },
  { iin: '1', year: 2023 },
];
const record = (number: string, year: number): object => ({ number, year, total: `${number}/${year}` });

describe('a batch of keys of several fields', () => {
  const read = async (source: string, keys: readonly object[], ...bodies: readonly unknown[]) => {
    const register = registerOf(...bodies.map((body) => ({ body })));
    const adapter = adapterOf({ source, register });
    const [group] = await answerOf(adapter, persons(adapter, [leaf('total')], ...keys));
    return { records: group?.records, asked: register.asked };
  };

  for (const { name, request, sent } of [
    {
      name: 'objects',
      request: '{ method: POST, path: /i, body: { items: [{ n: "{iin}", y: "{year}", kind: "{constant.kind}" }] } }',
      sent: [
        'POST /i {"items":[{"n":"1","y":2024,"kind":"ALL"},{"n":"2","y":2024,"kind":"ALL"}]}',
        'POST /i {"items":[{"n":"1","y":2023,"kind":"ALL"}]}',
      ],
    },
    {
      name: 'objects in a bare list',
      request: '{ method: POST, path: /i, body: [{ who: { n: "{iin}" }, y: "{year}" }] }',
      sent: ['POST /i [{"who":{"n":"1"},"y":2024},{"who":{"n":"2"},"y":2024}]', 'POST /i [{"who":{"n":"1"},"y":2023}]'],
    },
    {
      name: 'lists of two',
      request: '{ method: POST, path: /i, body: [["{iin}", "{year}"]] }',
      sent: ['POST /i [["1",2024],["2",2024]]', 'POST /i [["1",2023]]'],
    },
    {
      name: 'texts',
      request: '{ method: POST, path: /i, body: { keys: ["{iin}:{year}"] } }',
      sent: ['POST /i {"keys":["1:2024","2:2024"]}', 'POST /i {"keys":["1:2023"]}'],
    },
    {
      name: 'a parameter for each',
      request: '{ path: /i, query: { key: ["{iin}:{year}"] } }',
      sent: ['GET /i?key=1%3A2024&key=2%3A2024', 'GET /i?key=1%3A2023'],
    },
    {
      name: 'one joined parameter',
      request: '{ path: /i, query: { keys: { joined: ["{iin}:{year}"], with: "|" } } }',
      sent: ['GET /i?keys=1%3A2024%7C2%3A2024', 'GET /i?keys=1%3A2023'],
    },
    {
      name: 'lists of the same length',
      request: '{ method: POST, path: /i, form: { n: "{iin[]}", y: "{year[]}" } }',
      sent: ['POST /i n=1&n=2&y=2024&y=2024', 'POST /i n=1&y=2023'],
    },
    {
      name: 'a list inside of a list of one, as it is written',
      request: '{ method: POST, path: /i, body: { filters: [{ field: n, in: "{iin[]}", years: "{year[]}" }] } }',
      sent: [
        'POST /i {"filters":[{"field":"n","in":["1","2"],"years":[2024,2024]}]}',
        'POST /i {"filters":[{"field":"n","in":["1"],"years":[2023]}]}',
      ],
    },
  ])
    it(`is asked for by ${name}`, async () => {
      const { records, asked } = await read(
        incomes(request, UNORDERED),
        KEYS,
        { items: [record('2', 2024), record('1', 2024)] },
        { items: [] },
      );
      expect(asked).to.deep.equal(sent);
      expect(records).to.deep.equal([{ total: '1/2024' }, { total: '2/2024' }, null]);
    });

  const ITEMS = '{ method: POST, path: /i, body: [{ n: "{iin}", y: "{year}" }] }';

  it('is matched by all fields of the key', async () => {
    const source = incomes(ITEMS, UNORDERED);
    for (const [item, reason] of [
      [record('1', 2022), 'other_subject'],
      [record('2', 2023), 'other_subject'],
      [{ number: '1' }, 'key_missing'],
      [{ number: '1', year: '2024' }, 'key_type'],
    ] as const)
      expect(await rejection(read(source, KEYS.slice(0, 2), { items: [item] }))).to.include({ reason });
    expect(
      await rejection(read(source, KEYS.slice(0, 2), { items: [record('1', 2024), record('1', 2024)] })),
    ).to.include({ reason: 'duplicate_record' });
  });

  it('is answered by names that are made of the key', async () => {
    const byKey = `answer: { items: [by] }
    batch: { max: 2, answer: by_key, name: "{iin}:{year}" }`;
    const source = incomes(ITEMS, byKey);
    const keys = KEYS.slice(0, 2);
    const both = await read(source, keys, { by: { '2:2024': record('2', 2024), '1:2024': { total: 'x' } } });
    expect(both.records).to.deep.equal([{ total: 'x' }, { total: '2/2024' }]);
    expect((await read(source, keys, { by: {} })).records).to.deep.equal([null, null]);
    for (const by of [{ '1:2023': record('1', 2023) }, { '1:2024': record('2', 2024) }])
      expect(await rejection(read(source, keys, { by }))).to.include({ reason: 'other_subject' });
  });

  it('sends no key whose text would be that of another one', async () => {
    const text = incomes('{ method: POST, path: /i, body: ["{iin}:{year}"] }', UNORDERED);
    const key = { iin: '1:2', year: 2024 };
    expect(await rejection(read(text, [key]))).to.include({ reason: 'key_type' });
  });

  it('does not load if a name by key says nothing of its fields, or lists are asked for one by one', () => {
    const messages = (source: string): readonly string[] =>
      restSource
        .safeParse({ protocol: 'rest', ...(parse(source) as object) })
        .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
    const byKey = (more: string): string =>
      incomes(ITEMS, `answer: { items: [by] }\n    batch: { answer: by_key${more} }`);
    expect(messages(byKey(''))).to.deep.equal([
      'types.Person.batch: answers by key, and the key of Person has several fields: write batch.name of incomes, as "{iin}:{year}"',
    ]);
    expect(messages(byKey(', name: "{iin}:{year}"'))).to.deep.equal([]);
    expect(messages(byKey(', name: "{iin[]}"'))).to.have.length(1);
    expect(messages(incomes(ITEMS, UNORDERED.replace('unordered', 'unordered, name: "{iin}"'))).join()).to.include(
      'which is for `answer: by_key`',
    );
  });
});
