import { expect } from 'chai';
import type { JsonReply } from '../../../adapters/http/post-json.js';
import { RegisterFailure, type GroupAnswer, type SelectedField } from '../../../adapters/port.js';
import { rejection } from '../../rejection.js';
import { leaf, list, object, root } from '../selections.js';
import { adapterOf, answerOf, persons, registerOf, rootField, type Answer } from './asked-register.js';

describe('a REST register described by operations', () => {
  const SINGLE = `
    constants: { org: MoJ }
    operations:
      person:
        request:
          method: GET
          path: /persons/{iin}
          query: { requester: "{constant.org}", fields: "{select}", why: "{purpose}" }
          headers: { X-Case: "{case.number}", X-Id: "{request_id}" }
        identifier_in_address: { owner: Ministry of Justice, agreement: "2026-114", until: 2026-12-31 }
        answer:
          record: [data, 0, person]
          not_found: { status: [404, 410], code: { at: [code], is: [PERSON_NOT_FOUND] }, body: [null, empty, empty_list] }
        batch: { answer: none, parallel: 2 }
    types:
      Person: { key: iin, read: person, fields: { iin: number, name: name.full } }
    roots: { person: iin, people: iins }
  `;
  const record = (number: string): object => ({ data: [{ person: { number, name: { full: 'A' } } }] });

  it('asks by path, query and headers, with what the call says of itself', async () => {
    const register = registerOf({ body: record('1') });
    const adapter = adapterOf({ source: SINGLE, register });
    expect(await answerOf(adapter, persons(adapter, [leaf('name')], { iin: '1' }))).to.deep.equal([
      { records: [{ name: 'A' }], errors: [] },
    ]);
    expect(register.asked).to.deep.equal(['GET /persons/1?requester=MoJ&fields=name%2Cnumber&why=housing']);
    expect(register.headers).to.deep.equal([{ Accept: 'application/json', 'X-Case': 'H-1', 'X-Id': 'r-1' }]);
  });

  it('takes only what the mapping says for a record that is not there', async () => {
    const absent: readonly Partial<JsonReply>[] = [
      { status: 404, body: { code: 'PERSON_NOT_FOUND' } },
      { status: 410, body: { code: 'PERSON_NOT_FOUND' } },
      { body: null },
      { body: { data: null } },
      { body: { data: [null] } },
      { body: { data: [] } },
      { body: { data: [{ person: [] }] } },
      { body: undefined },
    ];
    for (const reply of absent) {
      const adapter = adapterOf({ source: SINGLE, register: registerOf(reply) });
      const group = persons(adapter, [leaf('name')], { iin: '1' });
      expect((await answerOf(adapter, group))[0]?.records, JSON.stringify(reply)).to.deep.equal([null]);
    }
    const failures: readonly (readonly [Partial<JsonReply>, string])[] = [
      [{ status: 404, body: { code: 'OTHER' } }, 'status_unexpected'],
      [{ status: 404, body: undefined }, 'status_unexpected'],
      [{ status: 204 }, 'status_unexpected'],
      [{ body: {} }, 'envelope_missing'],
      [{ body: { data: {} } }, 'envelope_missing'],
      [{ body: { data: [{ person: 'x' }] } }, 'envelope_missing'],
      [{ body: { data: [{ person: { name: { full: 'A' } } }] } }, 'key_missing'],
      [{ body: record('2') }, 'other_subject'],
      [{ body: { data: [{ person: { number: 1 } }] } }, 'key_type'],
    ];
    for (const [reply, reason] of failures) {
      const adapter = adapterOf({ source: SINGLE, register: registerOf(reply) });
      const group = persons(adapter, [leaf('name')], { iin: '1' });
      expect(await rejection(answerOf(adapter, group)), JSON.stringify(reply)).to.include({ reason });
    }
  });

  it('says where an answer is not what the mapping says, by names only', async () => {
    const adapter = adapterOf({ source: SINGLE, register: registerOf({ body: { data: { secret: 1 } } }) });
    const failure = await rejection(answerOf(adapter, persons(adapter, [leaf('name')], { iin: '1' })));
    expect(failure).to.include({ reason: 'envelope_missing', at: '/data/0' });
  });

  it('reads many keys one by one, at most as many at once as the mapping says', async () => {
    let [atOnce, most] = [0, 0];
    const answer: Answer = async ({ request }) => {
      most = Math.max(most, (atOnce += 1));
      await new Promise((resolve) => setTimeout(resolve, 5));
      atOnce -= 1;
      return { status: 200, body: record(request.url.pathname.split('/').at(-1) ?? '') };
    };
    const register = registerOf(...Array<Answer>(5).fill(answer));
    const adapter = adapterOf({ source: SINGLE, register });
    const keys = ['1', '2', '3', '4', '5', '1'].map((iin) => ({ iin }));
    const [group] = await answerOf(adapter, persons(adapter, [leaf('iin')], ...keys));
    expect(group?.records).to.deep.equal(keys);
    expect(register.asked).to.have.length(5);
    expect(most).to.equal(2);
  });

  it('fails as a whole, and begins no further one, if a single read fails', async () => {
    const failing: Answer = () => Promise.reject(new RegisterFailure('people', 'deadline'));
    const hanging: Answer = (): Promise<JsonReply> =>
      new Promise((_, reject) => setTimeout(reject, 5, RegisterFailure.cancelled('people')));
    const register = registerOf(failing, hanging);
    const adapter = adapterOf({ source: SINGLE, register });
    const group = persons(adapter, [leaf('iin')], { iin: '1' }, { iin: '2' }, { iin: '3' });
    expect(await rejection(answerOf(adapter, group))).to.include({ reason: 'deadline' });
    expect(register.asked.length).to.be.below(4);
  });

  it('answers root fields by one key and by a list of keys', async () => {
    const register = registerOf({ body: record('1') }, { body: record('2') }, { body: { data: [] } });
    const adapter = adapterOf({ source: SINGLE, register });
    const one = {
      prepared: adapter.prepare(root('person', 'iin', 'who', 'Person', [leaf('name')])),
      variables: { who: '1' },
    };
    expect((await answerOf(adapter, one))[0]?.records).to.deep.equal([{ person: { name: 'A' } }]);
    const field: SelectedField = {
      ...list('people', 'Person', [leaf('iin')])('Query'),
      argumentsFrom: () => ({ iins: ['2', '3'] }),
    };
    const many = { prepared: adapter.prepare(rootField(field)), variables: {} };
    expect((await answerOf(adapter, many))[0]?.records).to.deep.equal([{ people: [{ iin: '2' }, null] }]);
  });

  it('is not asked with an identifier in the address after the last day of the agreement', async () => {
    const key = { iin: '1' };
    const until = adapterOf({ source: SINGLE, register: registerOf({ body: record('1') }), today: '2026-12-31' });
    expect((await answerOf(until, persons(until, [leaf('iin')], key)))[0]?.records).to.deep.equal([key]);
    const register = registerOf({ body: record('1') });
    const after = adapterOf({ source: SINGLE, register, today: '2027-01-01' });
    expect(await rejection(answerOf(after, persons(after, [leaf('iin')], key)))).to.include({
      reason: 'address_agreement_ended',
      kind: 'unavailable',
    });
    expect(register.asked).to.deep.equal([]);
    expect(after.addressAgreements).to.deep.equal([
      {
        operation: 'person',
        address: 'GET /persons/{iin}?requester={constant.org}&fields={select}&why={purpose}',
        owner: 'Ministry of Justice',
        agreement: '2026-114',
        until: '2026-12-31',
      },
    ]);
  });

  it('counts its calls from 30 days before the end of the agreement', async () => {
    let counted = 0;
    const observer = { count: () => void (counted += 1) };
    for (const today of ['2026-12-01', '2026-12-02', '2026-12-31']) {
      const adapter = adapterOf({ source: SINGLE, register: registerOf({ body: record('1') }), today, observer });
      await answerOf(adapter, persons(adapter, [leaf('iin')], { iin: '1' }));
    }
    expect(counted).to.equal(2);
  });

  it('names the operation that failed', async () => {
    const adapter = adapterOf({ source: SINGLE, register: registerOf({ body: {} }) });
    const failure = await rejection(answerOf(adapter, persons(adapter, [leaf('iin')], { iin: '1' })));
    expect((failure as RegisterFailure).operation).to.equal('person');
  });

  it('sends nothing where a key has no place in the address', async () => {
    for (const iin of ['', '.', '..', '\ud800']) {
      const register = registerOf();
      const adapter = adapterOf({ source: SINGLE, register });
      expect(await rejection(answerOf(adapter, persons(adapter, [leaf('iin')], { iin })))).to.include({
        reason: 'key_type',
      });
      expect(register.asked).to.deep.equal([]);
    }
  });
});

describe('a batch of a REST register', () => {
  const batch = (how: string, answer = 'items: [items]'): string => `
    operations:
      persons:
        request: { method: POST, path: /persons, body: { numbers: "{iin[]}" } }
        batch: { max: 3, ${how} }
        answer: { ${answer} }
    types:
      Person: { key: iin, batch: persons, fields: { iin: iin, name: name } }
  `;
  const [a, b, c] = [1, 2, 3].map((iin) => ({ iin: String(iin), name: `N${iin}` }));
  const keys = [{ iin: '1' }, { iin: '2' }, { iin: '3' }];
  const read = async (
    how: string,
    body: unknown,
    reply: Partial<JsonReply> = {},
    answer?: string,
  ): Promise<GroupAnswer> => {
    const adapter = adapterOf({ source: batch(how, answer), register: registerOf({ body, ...reply }) });
    const [group] = await answerOf(adapter, persons(adapter, [leaf('name')], ...keys));
    if (group === undefined) throw new Error('no group');
    return group;
  };
  const names = (...records: readonly (object | undefined | null)[]): unknown =>
    records.map((record) => record && { name: (record as { name: string }).name });

  it('comes in order, with null for what is not there', async () => {
    expect(await read('answer: ordered', { items: [a, null, c] })).to.deep.equal({
      records: names(a, null, c),
      errors: [],
    });
  });

  it('comes in any order, with what is not there left out or as null', async () => {
    expect((await read('answer: unordered', { items: [c, a] })).records).to.deep.equal(names(a, null, c));
    expect((await read('answer: unordered', { items: [] })).records).to.deep.equal([null, null, null]);
    expect((await read('answer: unordered, absent: null', { items: [c, null, a] })).records).to.deep.equal(
      names(a, null, c),
    );
  });

  it('comes by key', async () => {
    expect((await read('answer: by_key', { items: { 3: c, 1: a } })).records).to.deep.equal(names(a, null, c));
    expect((await read('answer: by_key, absent: null', { items: { 3: c, 1: a, 2: null } })).records).to.deep.equal(
      names(a, null, c),
    );
    expect((await read('answer: by_key', { 3: { name: 'x' } }, {}, 'items: []')).records).to.deep.equal([
      null,
      null,
      { name: 'x' },
    ]);
  });

  it('says item by item who is not there and who failed, also with 207', async () => {
    const how = 'answer: unordered, key: [id], absent: { at: [status], is: [404] }, item_error: { at: [error] }';
    const items = [
      { id: '2', status: 500, error: { code: 'X' } },
      { id: '1', status: 200, body: a },
      { id: '3', status: 404 },
    ];
    const group = await read(how, { items }, { status: 207 }, 'items: [items], record: [body]');
    expect(group.records).to.deep.equal([{ name: 'N1' }, { name: null }, null]);
    expect(group.errors).to.deep.equal([{ path: [1, 'name'], reason: 'batch_item_error' }]);
    expect(await rejection(read('answer: ordered', { items: [] }, { status: 207 }))).to.include({
      reason: 'status_unexpected',
    });
  });

  it('fails where it leaves open whose a record is', async () => {
    const cases: readonly (readonly [string, unknown, string])[] = [
      ['answer: ordered', { items: [a, b] }, 'batch_count'],
      ['answer: ordered', { items: [b, a, c] }, 'other_subject'],
      ['answer: ordered', { items: [a, b, {}] }, 'key_missing'],
      ['answer: ordered', { items: [a, b, 'x'] }, 'value_type'],
      ['answer: ordered', { items: {} }, 'not_a_list'],
      ['answer: ordered', {}, 'envelope_missing'],
      ['answer: unordered', { items: [a, a] }, 'duplicate_record'],
      ['answer: unordered', { items: [a, { iin: '4', name: 'x' }] }, 'other_subject'],
      ['answer: unordered', { items: [{ name: 'x' }] }, 'key_missing'],
      ['answer: unordered', { items: [{ iin: 1, name: 'x' }] }, 'key_type'],
      ['answer: unordered, absent: null', { items: [a, b] }, 'batch_count'],
      ['answer: by_key', { items: { 4: a } }, 'other_subject'],
      ['answer: by_key', { items: { 1: b } }, 'other_subject'],
      ['answer: by_key, absent: null', { items: { 1: a } }, 'batch_count'],
      ['answer: by_key', { items: [a] }, 'envelope_missing'],
    ];
    for (const [how, body, reason] of cases)
      expect(await rejection(read(how, body)), `${how} ${JSON.stringify(body)}`).to.include({ reason });
  });

  it('takes an item for a list of one where the mapping says so', async () => {
    const answer = 'items: [items], one_or_many: true';
    expect((await read('answer: unordered', { items: b }, {}, answer)).records).to.deep.equal(names(null, b, null));
    expect((await read('answer: unordered', {}, {}, answer)).records).to.deep.equal([null, null, null]);
    expect((await read('answer: unordered', { items: null }, {}, answer)).records).to.deep.equal([null, null, null]);
  });

  it('is asked by composite keys', async () => {
    const source = `
      operations:
        years:
          request: { method: POST, path: /years, body: { numbers: "{iin[]}", years: "{year[]}" } }
          batch: { max: 10, answer: unordered, key: { iin: [who, number], year: [year] } }
          answer: { items: [] }
      types:
        Person: { key: [iin, year], batch: years, fields: { iin: who.number, year: year, sum: sum } }
    `;
    const items = [
      { who: { number: '1' }, year: 2025, sum: 'b' },
      { who: { number: '1' }, year: 2024, sum: 'a' },
    ];
    const register = registerOf({ body: items });
    const adapter = adapterOf({ source, register });
    const asked = [
      { iin: '1', year: 2024 },
      { iin: '2', year: 2024 },
      { iin: '1', year: 2025 },
    ];
    const [group] = await answerOf(adapter, persons(adapter, [leaf('sum'), leaf('year')], ...asked));
    expect(register.asked).to.deep.equal(['POST /years {"numbers":["1","2","1"],"years":[2024,2024,2025]}']);
    expect(group?.records).to.deep.equal([{ sum: 'a', year: 2024 }, null, { sum: 'b', year: 2025 }]);
  });
});

describe('fields apart of a REST register', () => {
  const SOURCE = `
    operations:
      person:
        request: { method: POST, path: /person, body: { number: "{iin}" } }
        answer: { record: [person] }
      liens:
        request: { method: POST, path: /liens, body: { number: "{iin}", since: "{from}", months: "{months}" } }
        answer: { items: [liens], not_found: { status: [404] } }
      home:
        request: { method: POST, path: /homes, body: { numbers: "{iin[]}" } }
        batch: { max: 10, answer: unordered, key: [owner] }
        answer: { items: [] }
    types:
      Person:
        key: iin
        read: person
        fields:
          iin: number
          name: name
          liens:
            operation: liens
            type: Lien
            arguments: { from: since }
          home: { operation: home, type: Home }
      Lien: { fields: { id: { at: ["@id"] } } }
      Home: { fields: { city: city } }
  `;

  it('are asked by themselves, with their arguments', async () => {
    const register = registerOf(
      ({ request }) => {
        expect(request.url.pathname).to.equal('/base/liens');
        return { status: 200, body: { liens: [{ '@id': 'L-1' }] } };
      },
      { body: [{ owner: '1', city: 'A' }] },
    );
    const adapter = adapterOf({ source: SOURCE, register });
    const liens = (parentType: string): SelectedField => ({
      ...list('liens', 'Lien', [leaf('id')])(parentType),
      argumentsFrom: () => ({ since: '2025-01-01', months: 9 }),
    });
    const [group] = await answerOf(
      adapter,
      persons(adapter, [leaf('iin'), liens, object('home', 'Home', [leaf('city')])], { iin: '1' }),
    );
    expect(group).to.deep.equal({ records: [{ iin: '1', liens: [{ id: 'L-1' }], home: { city: 'A' } }], errors: [] });
    expect(register.asked).to.deep.equal([
      'POST /liens {"number":"1","since":"2025-01-01","months":9}',
      'POST /homes {"numbers":["1"]}',
    ]);
  });

  it('are empty where nothing is recorded, and one object is not two', async () => {
    const adapter = adapterOf({ source: SOURCE, register: registerOf({ status: 404 }, { body: [] }) });
    const both = [list('liens', 'Lien', [leaf('id')]), object('home', 'Home', [leaf('city')])];
    const [group] = await answerOf(adapter, persons(adapter, both, { iin: '1' }));
    expect(group?.records).to.deep.equal([{ liens: [], home: null }]);
    const two = [
      { owner: '1', city: 'A' },
      { owner: '1', city: 'B' },
    ];
    const twice = adapterOf({ source: SOURCE, register: registerOf({ body: two }) });
    const home = persons(twice, [object('home', 'Home', [leaf('city')])], { iin: '1' });
    expect(await rejection(answerOf(twice, home))).to.include({ reason: 'duplicate_record' });
  });
});

describe('a root field of a REST register with its own operation', () => {
  it('reads a list, a record and what does not say whose it is', async () => {
    const source = `
      operations:
        search: { request: { path: /search, query: { name: "{name}" } }, answer: { items: [] } }
        exists:
          request: { method: POST, path: /exists, body: { query: { name: "{name}" } } }
          answer: { record: [answer] }
      types:
        Hit: { fields: { name: name } }
        Found: { fields: { status: status } }
      roots:
        search: { operation: search, arguments: { name: q } }
        exists: { operation: exists }
    `;
    const register = registerOf({ body: [{ name: 'A' }] }, { body: { answer: { status: true } } });
    const adapter = adapterOf({ source, register });
    const search: SelectedField = {
      ...list('search', 'Hit', [leaf('name')])('Query'),
      argumentsFrom: () => ({ q: 'A&B' }),
    };
    const exists: SelectedField = {
      ...object('exists', 'Found', [leaf('status')])('Query'),
      argumentsFrom: () => ({ name: 'A' }),
    };
    const prepared = adapter.prepare({ ...rootField(search), fields: [search, exists] });
    expect((await answerOf(adapter, { prepared, variables: {} }))[0]?.records).to.deep.equal([
      { search: [{ name: 'A' }], exists: { status: true } },
    ]);
    expect(register.asked).to.deep.equal(['GET /search?name=A%26B', 'POST /exists {"query":{"name":"A"}}']);
  });

  it('fills the key that the register does not repeat from the question', async () => {
    const source = `
      operations:
        person: { request: { method: POST, path: /p, body: { n: "{iin}" } } }
      types:
        Person: { key: iin, read: person, fields: { iin: { not_provided: it is not repeated }, name: name } }
    `;
    const adapter = adapterOf({ source, register: registerOf({ body: { name: 'A' } }) });
    expect(
      (await answerOf(adapter, persons(adapter, [leaf('iin'), leaf('name')], { iin: '7' })))[0]?.records,
    ).to.deep.equal([{ iin: '7', name: 'A' }]);
  });
});
