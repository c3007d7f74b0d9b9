import { expect } from 'chai';
import { parse } from 'yaml';
import type { GroupAnswer, SelectedField } from '../../../adapters/port.js';
import { restSource } from '../../../adapters/rest/source.js';
import { rejection } from '../../rejection.js';
import { leaf, list, object } from '../selections.js';
import { adapterOf, answerOf, persons, registerOf, rootField, type Answer } from './asked-register.js';

const SOURCE = `
operations:
  person: { request: { method: POST, path: /person, body: { n: "{iin}", fields: "{select[]}" } }, answer: { not_found: { body: [null] } } }
  persons:
    request: { method: POST, path: /persons, body: { n: "{iin[]}", fields: "{select[]}" } }
    answer: { items: [] }
    batch: { answer: unordered, key: [number] }
  named: { request: { method: POST, path: /named, body: { name: "{name}" } }, answer: { items: [] } }
  flats: { request: { method: POST, path: /flats, body: { of: "{iin}", since: "{from}" } }, answer: { items: [] } }
  rooms:
    request: { method: POST, path: /rooms, body: { of: "{code[]}" } }
    answer: { items: [] }
    batch: { answer: unordered, key: [flat] }
roots:
  person: iin
  people: iins
  named: { operation: named }
types:
  Person:
    key: iin
    read: person
    batch: persons
    fields:
      iin: number
      name: name
      home: { at: home, type: Flat }
      flats: { operation: flats, type: Flat, arguments: { from: since } }
  Flat:
    key: code
    fields: { code: code, street: street, rooms: { operation: rooms, type: Room } }
  Room: { fields: { area: { at: area, as: decimal } } }
`;

const room = (flat: string): object => ({ flat, area: '12.50' });
const answering: Answer = ({ request }) => {
  const given = JSON.parse(request.body ?? '') as { n?: string | string[]; of?: string | string[] };
  const person = (number: string): object => ({
    number,
    name: `N${number}`,
    home: { code: `h${number}`, street: 'S' },
  });
  const path = request.url.pathname.replace('/base', '');
  const bodies: Readonly<Record<string, () => unknown>> = {
    '/person': () => (given.n === '9' ? null : person(String(given.n))),
    '/persons': () => [given.n].flat().map((one) => person(String(one))),
    '/named': () => [person('1'), person('2')],
    '/flats': () => [{ code: `f${String(given.of)}`, street: 'T' }],
    '/rooms': () => [given.of].flat().flatMap((one) => [room(String(one)), room(String(one))]),
  };
  return { status: 200, body: bodies[path]?.() };
};

const flats = list('flats', 'Flat', [leaf('street')]);
const rooms = list('rooms', 'Room', [leaf('area')]);
const field = (
  name: string,
  below: Parameters<typeof object>[2],
  given: Readonly<Record<string, unknown>>,
  isList = false,
): SelectedField => ({ ...object(name, 'Person', below)('Query'), list: isList, argumentsFrom: () => given });

const read = async (
  asked: SelectedField,
  answers: readonly Answer[] = Array<Answer>(9).fill(answering),
): Promise<{ readonly answer: GroupAnswer; readonly asked: readonly string[] }> => {
  const register = registerOf(...answers);
  const adapter = adapterOf({ source: SOURCE, register });
  const [answer] = await answerOf(adapter, { prepared: adapter.prepare(rootField(asked)), variables: {} });
  return { answer: answer!, asked: register.asked };
};

describe('fields that are read apart, wherever they are selected', () => {
  it('are read for one root record, by the key that was asked for', async () => {
    const { answer, asked } = await read(field('person', [leaf('name'), flats], { iin: '1' }));
    expect(answer).to.deep.include({
      records: [{ person: { name: 'N1', flats: [{ street: 'T' }] } }],
      errors: [],
    });
    expect(asked).to.deep.equal(['POST /person {"n":"1","fields":["name","number"]}', 'POST /flats {"of":"1"}']);
  });

  it('are not read for a record that is not there', async () => {
    const { answer, asked } = await read(field('person', [flats], { iin: '9' }));
    expect(answer.records).to.deep.equal([{ person: null }]);
    expect(asked).to.have.length(1);
  });

  it('are read for a list of keys, and for a list without keys by the key in each record', async () => {
    const both = { iins: ['2', '1', '2'] };
    const many = await read(field('people', [leaf('name'), flats], both, true));
    expect(many.answer.records).to.deep.equal([
      {
        people: ['2', '1', '2'].map((one) => ({ name: `N${one}`, flats: [{ street: 'T' }] })),
      },
    ]);
    expect(many.asked.slice(1).sort()).to.deep.equal(['POST /flats {"of":"1"}', 'POST /flats {"of":"2"}']);
    const named = await read(field('named', [flats], { name: 'N' }, true));
    expect(named.asked).to.deep.equal(['POST /named {"name":"N"}', 'POST /flats {"of":"1"}', 'POST /flats {"of":"2"}']);
  });

  it('are read within records and within each other, with what is converted', async () => {
    const below = [
      object('home', 'Flat', [rooms]),
      list('flats', 'Flat', [leaf('code'), rooms]),
      object('home', 'Flat', [leaf('street')], 'again'),
    ];
    const { answer, asked } = await read(field('person', below, { iin: '1' }));
    expect(answer.errors).to.deep.equal([]);
    const two = [{ area: '12.50' }, { area: '12.50' }];
    expect(answer.records).to.deep.equal([
      {
        person: {
          home: { rooms: two },
          flats: [{ code: 'f1', rooms: two }],
          again: { street: 'S' },
        },
      },
    ]);
    expect([...asked].sort()).to.deep.equal([
      'POST /flats {"of":"1"}',
      'POST /person {"n":"1","fields":["home","number"]}',
      'POST /rooms {"of":["f1"]}',
      'POST /rooms {"of":["h1"]}',
    ]);
    expect(answer.converted).to.deep.equal(['home.rooms.area: decimal', 'flats.rooms.area: decimal']);
  });

  it('are errors of their own without a key, and the rest stands', async () => {
    const keyless: Answer = { body: [{ name: 'A' }, { number: '2', name: 'B' }] };
    const { answer } = await read(field('named', [leaf('name'), flats], { name: 'N' }, true), [keyless, answering]);
    expect(answer.records).to.deep.equal([
      {
        named: [
          { name: 'A', flats: null },
          { name: 'B', flats: [{ street: 'T' }] },
        ],
      },
    ]);
    expect(answer.errors).to.deep.equal([{ path: [0, 'named', 0, 'flats'], reason: 'key_missing' }]);
  });

  it('fail the read where they fail, like any other part of it', async () => {
    const failing: Answer = { status: 500 };
    const asked = field('person', [flats], { iin: '1' });
    expect(await rejection(read(asked, [answering, failing]))).to.include({
      reason: 'status_unexpected',
      operation: 'flats',
    });
  });

  it('are read within entities, too', async () => {
    const register = registerOf(...Array<Answer>(4).fill(answering));
    const adapter = adapterOf({ source: SOURCE, register });
    const [answer] = await answerOf(
      adapter,
      persons(adapter, [object('home', 'Flat', [list('rooms', 'Room', [leaf('__typename')])]), flats], { iin: '1' }),
    );
    expect(answer?.records).to.deep.equal([
      { home: { rooms: [{ __typename: 'Room' }, { __typename: 'Room' }] }, flats: [{ street: 'T' }] },
    ]);
  });

  it('do not load on a type without a key', () => {
    const issues = restSource
      .safeParse({ protocol: 'rest', ...(parse(SOURCE.replace('    key: code\n', '')) as object) })
      .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    expect(issues).to.deep.equal([
      'types.Flat.fields.rooms: Flat.rooms is read by an operation of its own, but Flat has no key to ask by',
    ]);
  });
});
