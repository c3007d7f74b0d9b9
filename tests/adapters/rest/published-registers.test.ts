import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { rest } from '../../../adapters/rest/protocol.js';
import type { Adapter, FetchSelection, GroupAnswer, SelectedField } from '../../../adapters/port.js';
import { createHttpClient } from '../../../gateway/compose/http-client.js';
import { packageRoot } from '../../../schemas/package-root.js';
import { runningClock, seededRandom, silentObserver } from '../../doubles.js';
import { rejection } from '../../rejection.js';
import { someCalls } from '../../recorded-calls.js';
import { entities, leaf, list, object } from '../selections.js';
import { rootField } from './asked-register.js';

const VENDOR = join(packageRoot(), 'tests', 'conformance', 'vendor', 'openapi');
const example = (name: string): string => readFileSync(join(VENDOR, name), 'utf8');
const clock = runningClock();

/** What the register was asked. */
interface Asked {
  readonly target: string;
  readonly accept: string | undefined;
  readonly body: unknown;
}
type Reply = { readonly status?: number; readonly type?: string; readonly body?: string };

describe('REST registers as they are published', () => {
  const asked: Asked[] = [];
  let reply: (asked: Asked) => Reply;
  let server: Server;
  let base: string;

  before(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const one = {
          target: `${request.method} ${request.url}`,
          accept: request.headers.accept,
          body: text === '' ? undefined : (JSON.parse(text) as unknown),
        };
        asked.push(one);
        const { status = 200, type = 'application/json', body = '' } = reply(one);
        response.writeHead(status, body === '' ? {} : { 'Content-Type': type }).end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  });
  beforeEach(() => {
    asked.length = 0;
  });
  after(() => new Promise((resolve) => void server.close(resolve)));

  const read = async (
    source: string,
    selection: FetchSelection,
    given: { readonly keys?: readonly object[] } = {},
  ): Promise<GroupAnswer> => {
    const adapter: Adapter = rest.createAdapter({
      register: 'published',
      source: rest.source.parse(parse(source)),
      settings: rest.settings.parse({ protocol: 'rest', url: base, auth: { type: 'none' } }),
      maxResponseBytes: 1_000_000,
      http: createHttpClient(),
      clock,
      random: seededRandom(),
      observer: silentObserver(),
    });
    try {
      const group = {
        prepared: adapter.prepare(selection),
        variables: {},
        ...(given.keys && { keys: given.keys as readonly Readonly<Record<string, unknown>>[] }),
      };
      const deadline = clock.monotonic() + 5_000;
      const { groups } = await adapter.read({ requestId: 'r-1', calls: someCalls(), groups: [group], deadline });
      return JSON.parse(JSON.stringify(groups[0])) as GroupAnswer;
    } finally {
      await adapter.close();
    }
  };

  describe('brp, which takes the paths of what is wanted', () => {
    const SOURCE = `
protocol: rest
operations:
  personen:
    request:
      method: POST
      path: /personen
      body: { type: RaadpleegMetBurgerservicenummer, burgerservicenummer: "{bsn[]}", fields: "{select[]}" }
    select: { separator: . }
    batch: { max: 20, answer: unordered, key: [burgerservicenummer], absent: omitted }
    answer: { items: [personen] }
types:
  Persoon:
    key: bsn
    batch: personen
    fields:
      bsn: burgerservicenummer
      geslacht: geslacht.code
      geboorte:
        at: [geboorte, datum]
        discriminator: { at: [type], types: { Datum: VolledigeDatum, JaarDatum: JaarDatum } }
      nationaliteiten:
        at: [nationaliteiten]
        discriminator: { at: [type], types: { Nationaliteit: Nationaliteit, Staatloos: Staatloos } }
      verblijf:
        at: [verblijfplaats]
        discriminator: { at: [type], types: { Adres: Adres, VerblijfplaatsOnbekend: Onbekend } }
  VolledigeDatum: { fields: { datum: datum } }
  JaarDatum: { fields: { jaar: jaar } }
  Nationaliteit: { fields: { land: nationaliteit.omschrijving } }
  Staatloos: { fields: {} }
  Adres: { fields: { straat: verblijfadres.korteStraatnaam, plaats: verblijfadres.woonplaats } }
  Onbekend: { fields: {} }
`;
    const oneOf =
      (name: string, below: readonly SelectedField[], isList = false) =>
      (parentType: string): SelectedField => ({
        ...object(name, 'Any', [])(parentType),
        list: isList,
        fields: [leaf('__typename')('Any'), ...below],
      });
    const persons = entities('Persoon', [
      leaf('bsn'),
      leaf('geslacht'),
      oneOf('geboorte', [leaf('datum')('VolledigeDatum'), leaf('jaar')('JaarDatum')]),
      oneOf('nationaliteiten', [leaf('land')('Nationaliteit')], true),
      oneOf('verblijf', [leaf('plaats')('Adres')]),
    ]);
    const keys = ['999990019', '999990021', '999990020'].map((bsn) => ({ __typename: 'Persoon', bsn }));
    const body = example('brp-personen/examples/two-of-three.json');

    it('answers two of three people, in another order', async () => {
      reply = () => ({ type: 'application/json; charset=utf-8', body });
      const { records, errors } = await read(SOURCE, persons, { keys });
      expect(errors).to.deep.equal([]);
      expect(records).to.deep.equal([
        {
          bsn: '999990019',
          geslacht: 'M',
          geboorte: { __typename: 'VolledigeDatum', datum: '2001-02-03' },
          nationaliteiten: null,
          verblijf: { __typename: 'Adres', plaats: 'Proefstad' },
        },
        null,
        {
          bsn: '999990020',
          geslacht: 'V',
          geboorte: { __typename: 'JaarDatum', jaar: 1966 },
          nationaliteiten: [{ __typename: 'Nationaliteit', land: 'Nederlandse' }, { __typename: 'Staatloos' }],
          verblijf: { __typename: 'Onbekend' },
        },
      ]);
      expect(asked).to.deep.equal([
        {
          target: 'POST /api/personen',
          accept: 'application/json',
          body: {
            type: 'RaadpleegMetBurgerservicenummer',
            burgerservicenummer: ['999990019', '999990021', '999990020'],
            fields: [
              'burgerservicenummer',
              'geboorte.datum.datum',
              'geboorte.datum.jaar',
              'geboorte.datum.type',
              'geslacht.code',
              'nationaliteiten.nationaliteit.omschrijving',
              'nationaliteiten.type',
              'verblijfplaats.type',
              'verblijfplaats.verblijfadres.woonplaats',
            ],
          },
        },
      ]);
    });

    it('fails with a person who was not asked for, one who comes twice, and one without a number', async () => {
      const { personen } = JSON.parse(body) as { personen: readonly object[] };
      const [first] = personen;
      for (const [sent, asks, reason] of [
        [personen, keys.slice(0, 1), 'other_subject'],
        [[first, first], keys, 'duplicate_record'],
        [[{ ...first, burgerservicenummer: undefined }], keys, 'key_missing'],
        [[{ ...first, burgerservicenummer: 999990020 }], keys, 'key_type'],
      ] as const) {
        reply = () => ({ body: JSON.stringify({ personen: sent }) });
        expect(await rejection(read(SOURCE, persons, { keys: asks })), reason).to.include({ reason });
      }
    });
  });

  describe('brreg, which takes many numbers as one parameter', () => {
    const SOURCE = `
protocol: rest
operations:
  enheter:
    request:
      path: /enheter
      query: { organisasjonsnummer: { joined: "{number[]}" }, size: "{page.size}", page: "{page.number}" }
      headers: { Accept: application/vnd.brreg.enhetsregisteret.enhet.v2+json }
    batch: { max: 100, answer: unordered, key: [organisasjonsnummer] }
    answer: { items: [_embedded, enheter], not_found: { code: { at: [page, totalElements], is: [0] } } }
    page: { by: number, first: 0, size: 2, total: [page, totalElements], pages: [page, totalPages] }
  underenhet:
    request: { path: "/underenheter/{number}" }
    answer: { not_found: { status: [404, 410] } }
  oppdateringer:
    request: { path: /oppdateringer/enheter, query: { dato: "{since}" } }
    answer: { items: [_embedded, oppdaterteEnheter], not_found: { code: { at: [page, totalElements], is: [0] } } }
roots:
  updates: { operation: oppdateringer }
types:
  Unit:
    key: number
    batch: enheter
    fields:
      number: organisasjonsnummer
      name: navn
      form: organisasjonsform.kode
      registered: registreringsdatoEnhetsregisteret
      employees: antallAnsatte
      isBankrupt: konkurs
  Branch:
    key: number
    read: underenhet
    fields: { number: organisasjonsnummer, parent: overordnetEnhet, lines: beliggenhetsadresse.adresse }
  Update: { fields: { id: { at: oppdateringsid, as: text }, number: organisasjonsnummer, kind: endringstype } }
`;
    const type = 'application/vnd.brreg.enhetsregisteret.enhet.v2+json;charset=UTF-8';
    const unit = entities(
      'Unit',
      ['number', 'name', 'form', 'registered', 'employees', 'isBankrupt'].map((one) => leaf(one)),
    );
    const keysOf = (...numbers: readonly string[]): readonly object[] =>
      numbers.map((number) => ({ __typename: 'Unit', number }));

    it('answers a comma list over two pages, and leaves out who is not there', async () => {
      const last = {
        _embedded: { enheter: [{ organisasjonsnummer: '999000003', navn: 'SIST', konkurs: false }] },
        page: { size: 2, totalElements: 3, totalPages: 2, number: 1 },
      };
      const first = example('brreg-enhetsregisteret/examples/enheter-page.json');
      reply = ({ target }) => ({ type, body: target.endsWith('page=0') ? first : JSON.stringify(last) });
      const keys = keysOf('999000003', '999000009', '999000002', '999000001');
      const { records, errors } = await read(SOURCE, unit, { keys });
      expect(errors).to.deep.equal([]);
      const none = { form: null, registered: null, employees: null };
      expect(records).to.deep.equal([
        { number: '999000003', name: 'SIST', ...none, isBankrupt: false },
        null,
        { number: '999000002', name: 'ØVELSE ENK', ...none, form: 'ENK', isBankrupt: true },
        {
          number: '999000001',
          name: 'PRØVE AS',
          ...{ form: 'AS', registered: '2001-02-03', employees: 7, isBankrupt: false },
        },
      ]);
      const numbers = '999000003,999000009,999000002,999000001';
      expect(asked.map(({ target }) => target)).to.deep.equal([
        `GET /api/enheter?organisasjonsnummer=${numbers}&size=2&page=0`,
        `GET /api/enheter?organisasjonsnummer=${numbers}&size=2&page=1`,
      ]);
      expect(asked[0]?.accept).to.equal('application/vnd.brreg.enhetsregisteret.enhet.v2+json');
    });

    it('has none of them where it counts none', async () => {
      const page = { size: 2, totalElements: 0, totalPages: 0, number: 0 };
      reply = () => ({ type, body: JSON.stringify({ _links: {}, page }) });
      expect((await read(SOURCE, unit, { keys: keysOf('1', '2') })).records).to.deep.equal([null, null]);
      // Without the count the list is missing, and not empty.
      reply = () => ({ type, body: '{"_links":{}}' });
      expect(await rejection(read(SOURCE, unit, { keys: keysOf('1') }))).to.include({ reason: 'envelope_missing' });
    });

    it('sends no number that would be read as two', async () => {
      reply = () => expect.fail('the register was asked');
      expect(await rejection(read(SOURCE, unit, { keys: keysOf('1,2') }))).to.include({ reason: 'key_type' });
      expect(asked).to.deep.equal([]);
    });

    it('answers a branch with its lines, and 404 and 410 without a body for none', async () => {
      const selection = entities('Branch', [
        leaf('number'),
        leaf('parent'),
        (parentType) => ({ ...list('lines', 'String', [])(parentType), fields: [] }),
      ]);
      const keys = [{ __typename: 'Branch', number: '999000003' }];
      reply = () => ({ body: example('brreg-enhetsregisteret/examples/underenhet.json') });
      expect((await read(SOURCE, selection, { keys })).records).to.deep.equal([
        { number: '999000003', parent: '999000001', lines: ['Prøveveien 1', '2. etasje'] },
      ]);
      for (const status of [404, 410]) {
        reply = () => ({ status });
        expect((await read(SOURCE, selection, { keys })).records).to.deep.equal([null]);
      }
      reply = () => ({ status: 400 });
      expect(await rejection(read(SOURCE, selection, { keys }))).to.include({ reason: 'status_unexpected' });
    });

    it('answers updates, whose ids are longer than a number holds', async () => {
      reply = () => ({ body: example('brreg-enhetsregisteret/examples/oppdateringer.json') });
      const field: SelectedField = {
        ...list('updates', 'Update', [leaf('id'), leaf('number'), leaf('kind')])('Query'),
        argumentsFrom: () => ({ since: '2026-02-20T00:00:00Z' }),
      };
      expect((await read(SOURCE, rootField(field))).records).to.deep.equal([
        { updates: [{ id: '9007199254740993', number: '999000001', kind: 'Endring' }] },
      ]);
      expect(asked[0]?.target).to.equal('GET /api/oppdateringer/enheter?dato=2026-02-20T00%3A00%3A00Z');
    });
  });
});
