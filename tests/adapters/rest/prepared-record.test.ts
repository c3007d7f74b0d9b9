import { expect } from 'chai';
import type { CallGroup, RegisterAnswer } from '../../../adapters/port.js';
import { createRestAdapter } from '../../../adapters/rest/rest-adapter.js';
import type { RestSourceFile } from '../../../adapters/rest/source.js';
import { HOUSING_FAMILY } from '../../../demo/country/people.js';
import { citizens, entities, leaf, list, object, root } from '../selections.js';
import { runningClock } from '../../doubles.js';
import { jsonClientOf } from '../../json-client.js';
import { someCalls } from '../../recorded-calls.js';
import { createRestClient } from '../../../adapters/rest/rest-client.js';
import { beyondOf } from '../../beyond.js';

const { husband, wife } = HOUSING_FAMILY;

const SOURCE: RestSourceFile = {
  protocol: 'rest',
  api_key_header: 'X-Api-Key',
  read: { path: '/read', key: 'iin' },
  batch: { path: '/batch', keys: 'iins', items: 'items', max: 10 },
  select: 'fields',
  roots: { citizen: 'iin' },
  lists: {},
  types: {
    Citizen: {
      key: 'iin',
      fields: {
        iin: 'iin',
        status: 'state',
        wage: 'money.average',
        spouse: { path: 'family.spouse', reference: 'Citizen' },
        cards: { path: 'cards', type: 'Card' },
      },
    },
    Card: { fields: { number: 'number', issuer: 'issuer' } },
  },
};

/** The register sends whole records, also for a few fields: the adapter has to notice. */
const record = (iin: unknown): Record<string, unknown> => ({
  iin,
  state: 'S',
  money: { average: '1.00' },
  family: { spouse: wife.iin },
  cards: [{ number: '1', issuer: 'I' }],
});

describe('records of which only some members are wanted', () => {
  let asked: unknown[];
  let prunes: boolean;

  beforeEach(() => {
    [asked, prunes] = [[], true];
  });

  const client = jsonClientOf(async ({ body }) => {
    asked.push(body);
    const { iin, iins, fields } = body as { iin?: string; iins?: readonly string[]; fields: readonly string[] };
    const one = (number: string): object =>
      Object.fromEntries(Object.entries(record(number)).filter(([name]) => !prunes || fields.includes(name)));
    return { status: 200, body: iin === undefined ? { items: iins?.map(one) } : one(iin) };
  });
  const adapter = createRestAdapter({
    register: 'tax',
    source: SOURCE,
    url: 'http://127.0.0.1:9',
    client: createRestClient(client, true),
    clock: runningClock(),
  });
  const group = (fields: Parameters<typeof entities>[1], ...iins: readonly string[]): CallGroup => ({
    prepared: adapter.prepare(entities('Citizen', fields)),
    variables: {},
    keys: citizens(...iins),
  });
  const read = (...groups: readonly CallGroup[]): Promise<RegisterAnswer> =>
    adapter.read({ requestId: 'request-1', calls: someCalls(), groups, deadline: Infinity });
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

  it('are asked for those by name, the key always among them', async () => {
    const answer = await read(
      group([leaf('status', 's'), object('spouse', 'Citizen', [leaf('iin')]), leaf('__typename')], husband.iin),
    );
    expect(asked).to.deep.equal([{ iins: [husband.iin], fields: ['family', 'iin', 'state'] }]);
    expect(plain(answer.groups[0]?.records)).to.deep.equal([
      { s: 'S', spouse: { iin: wife.iin }, __typename: 'Citizen' },
    ]);
    expect(beyondOf(answer)).to.deep.equal([]);
  });

  it('are asked in one call for all people with the same selection, and never for what only others need', async () => {
    await read(
      group([leaf('status')], husband.iin),
      group([leaf('status', 'again'), leaf('iin')], wife.iin),
      group([leaf('wage')], wife.iin),
    );
    expect(asked).to.have.deep.members([
      { iins: [husband.iin, wife.iin], fields: ['iin', 'state'] },
      { iins: [wife.iin], fields: ['iin', 'money'] },
    ]);
  });

  it('are asked one by one in the same way', async () => {
    const prepared = adapter.prepare(root('citizen', 'iin', 'iin', 'Citizen', [leaf('wage')]));
    const { groups } = await read({ prepared, variables: { iin: husband.iin } });
    expect(asked).to.deep.equal([{ iin: husband.iin, fields: ['iin', 'money'] }]);
    expect(plain(groups[0]?.records)).to.deep.equal([{ citizen: { wage: '1.00' } }]);
  });

  it('tell what came that was not asked for: beside it, or within it', async () => {
    const cards = (...fields: Parameters<typeof list>[2]) => read(group([list('cards', 'Card', fields)], husband.iin));
    expect(beyondOf(await cards(leaf('number'), leaf('issuer')))).to.deep.equal([]);
    expect(beyondOf(await cards(leaf('number')))).to.deep.equal(['Card.issuer']);
    prunes = false;
    const answer = await read(group([leaf('status')], husband.iin));
    expect(beyondOf(answer)).to.deep.equal([
      'Card.issuer',
      'Card.number',
      'Citizen.cards',
      'Citizen.spouse',
      'Citizen.wage',
    ]);
    expect(plain(answer.groups[0]?.records)).to.deep.equal([{ status: 'S' }]);
  });
});
