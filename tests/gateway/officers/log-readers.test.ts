import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { parseConfig } from '../../../gateway/config/read-config.js';
import type { Config } from '../../../gateway/config/schema.js';
import { NO_READERS, type LogReaders, type ReaderSource } from '../../../gateway/http/log-routes.js';
import { Refusal } from '../../../schemas/refusal.js';
import { storedRows } from '../../monitoring/audit/harness.js';
import { configText, Desk, OF_SOCIAL } from './desk.js';

const PEOPLE = {
  auditor: { agency: 'integrity', roles: ['entries', 'national'] },
  archivist: { agency: 'housing', roles: ['entries'] },
  national: { agency: 'social', roles: ['search', 'national', 'export', 'identify'] },
};
const PUBLIC_URL = 'https://audit.tereze.example';
const CALLERS = 'https://tereze.example/graphql';
const SYSTEMS = [
  `{ client_id: housing, kind: system, agency: housing, issuer: "https://id.example" }`,
  `{ client_id: ${OF_SOCIAL}, kind: system, agency: social, issuer: "https://id.example" }`,
  `{ client_id: housing-desk, kind: officer, agency: housing, issuer: "https://id.example" }`,
];
const configured = (publicUrl = `public_url: "${PUBLIC_URL}", `): Config =>
  parseConfig(
    'tereze.yaml',
    configText(PEOPLE)
      .replace(', audit: {', `, log: { ${publicUrl}port: 0 }, audit: {`)
      .replace('  agencies:', `  systems: [${SYSTEMS.join(', ')}]\n  agencies:`)
      .replace('audit: { origin', 'audit: { key_file: key, origin'),
    {},
  );

/** Bundles of the log and its entries, behind the real readers over a database. */
describe('readers of the log', function () {
  this.timeout(60_000);
  let desk: Desk;
  let readers: LogReaders;
  before(async () => {
    desk = await Desk.open();
    readers = desk.logReaders(configured());
  });
  after(() => desk.close());

  const PATH = '/tereze/0/tile/entries/000.p/3';
  const request = (path: string, headers: Readonly<Record<string, string>>): IncomingMessage =>
    ({
      ...{ method: 'GET', url: path, headers },
      headersDistinct: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    }) as unknown as IncomingMessage;
  const source = (): ReaderSource => ({
    party: '192.0.2.1',
    signal: new AbortController().signal,
    known: () => undefined,
  });
  const bundle = async (officer: string, claims = {}, wanted = { log: 0, from: 0, to: 3 }): Promise<Buffer> =>
    readers.bundle(request(PATH, await desk.credentials(officer, 'GET', PATH, claims)), source(), wanted);
  const own = async (client: string, index: number, claims = {}): Promise<Buffer | undefined> => {
    const path = '/tereze/0/proof';
    const details = [{ type: 'tereze_access', purpose: 'statistics' }];
    const asked = { aud: CALLERS, client_id: client, sub: client, authorization_details: details, ...claims };
    return readers.ownEntry(request(path, await desk.credentials(client, 'GET', path, asked)), source(), {
      log: 0,
      index,
    });
  };
  /** What was refused, after no row was read for it. */
  const refusalOf = async (read: () => Promise<unknown>): Promise<string> => {
    const before = (await desk.entries()).length;
    const refused = await read().then(
      () => expect.fail('it was answered'),
      (error: unknown) => error,
    );
    expect((await desk.entries()).length, 'entries').to.equal(before);
    if (!(refused instanceof Refusal)) throw refused;
    return [refused.code, ...(refused.reasons ?? [])].join(' ');
  };

  it('gives a bundle to an auditor, once the reading is in the log', async () => {
    const rows = await storedRows(desk.database.sql);
    const expected = rows.slice(0, 3).flatMap(({ entry }) => [Buffer.of(entry.length >> 8, entry.length & 255), entry]);
    expect((await bundle('auditor')).equals(Buffer.concat(expected))).to.equal(true);
    const [begin, end] = (await desk.entries()).slice(-2);
    const caller = { agency: 'integrity', system: 'officers-desk', kind: 'officer', officer: 'auditor' };
    expect(begin).to.deep.include({
      kind: 'audit_read',
      act: 'audit_bundle_read',
      entry: 'tereze/0/0',
      limit: 3,
      caller,
    });
    expect(end).to.deep.include({
      kind: 'audit_read_end',
      act: 'audit_bundle_read',
      rows: 3,
      ended: 'complete',
      caller,
    });
  });

  for (const [what, officer, claims, refused] of [
    ['an officer without the role', 'national', {}, 'ROLE_REQUIRED role_entries'],
    ['an officer of one agency', 'archivist', {}, 'ROLE_REQUIRED role_national'],
    ['an unknown officer', 'officer-99', {}, 'OFFICER_NOT_REGISTERED'],
    ['a token for callers', 'auditor', { aud: CALLERS }, 'UNAUTHENTICATED token_aud'],
    ['a token that has ended', 'auditor', { exp: 1 }, 'UNAUTHENTICATED token_exp'],
  ] as const)
    it(`gives no bundle to ${what}, and reads nothing`, async () => {
      expect(await refusalOf(() => bundle(officer, claims))).to.equal(refused);
    });

  it('takes a proof once, and for its own address only', async () => {
    const wanted = { log: 0, from: 0, to: 1 };
    const credentials = await desk.credentials('auditor', 'GET', PATH);
    await readers.bundle(request(PATH, credentials), source(), wanted);
    expect(await refusalOf(() => readers.bundle(request(PATH, credentials), source(), wanted))).to.equal(
      'INVALID_DPOP_PROOF proof_replayed',
    );
    const elsewhere = request('/tereze/1/tile/entries/000', await desk.credentials('auditor', 'GET', PATH));
    expect(await refusalOf(() => readers.bundle(elsewhere, source(), wanted))).to.equal('INVALID_DPOP_PROOF proof_htu');
  });

  it('does not tell who may not read how many entries there are, and says of missing ones that they are archived', async () => {
    const beyond = { log: 0, from: 256, to: 256 };
    expect(await refusalOf(() => bundle('national', {}, beyond))).to.equal('ROLE_REQUIRED role_entries');
    expect(await refusalOf(() => bundle('auditor', {}, beyond))).to.equal('NOT_FOUND');
    const before = (await desk.entries()).length;
    await expectRefused(bundle('auditor', {}, { log: 7, from: 0, to: 3 }), 'NOT_FOUND archived');
    expect((await desk.entries()).slice(before).map((body) => ('rows' in body ? body.rows : undefined))).to.deep.equal([
      undefined,
      0,
    ]);
  });

  it('gives a caller the entry of its own request, and records it', async () => {
    const [, completion] = await storedRows(desk.database.sql);
    expect(await own('housing', 1)).to.deep.equal(completion?.entry);
    const [begin, end] = (await desk.entries()).slice(-2);
    const caller = { agency: 'housing', system: 'housing', kind: 'system', officer: null };
    expect(begin).to.deep.include({ kind: 'audit_read', act: 'audit_own_entry_read', entry: 'tereze/0/1', caller });
    expect(end).to.deep.include({ kind: 'audit_read_end', rows: 1, ended: 'complete' });
  });

  it('gives a caller no entry of another, of an officer, or about a reading of the log', async () => {
    expect(await own('housing', 2), 'of another agency').to.equal(undefined);
    expect(await own('housing-desk', 1, { sub: 'officer-7' }), 'of another system').to.equal(undefined);
    const readings = (await desk.entries()).findIndex((body) => 'act' in body && body.act === 'audit_own_entry_read');
    expect(await own('housing', readings), 'about a reading of its own').to.equal(undefined);
    expect(await own('housing', 1_000), 'beyond the end').to.equal(undefined);
  });

  it('needs no token for a proof, and refuses one that is not good', async () => {
    expect(await readers.ownEntry(request('/x', {}), source(), { log: 0, index: 1 })).to.equal(undefined);
    expect(await refusalOf(() => own('housing', 1, { exp: 1 }))).to.equal('UNAUTHENTICATED token_exp');
    expect(await refusalOf(() => own('housing', 1, { aud: 'https://audit.tereze.example/audit/v1' }))).to.equal(
      'UNAUTHENTICATED token_aud',
    );
  });

  it('reads nothing while the log cannot be written', async () => {
    desk.logSql.down();
    try {
      await expectRefused(bundle('auditor'), 'AUDIT_UNAVAILABLE');
      await expectRefused(own('housing', 1), 'AUDIT_UNAVAILABLE');
    } finally {
      desk.logSql.up();
    }
  });

  it('lets no one see entries without an address that proofs can name', async () => {
    const without = desk.logReaders(configured(''));
    const credentials = await desk.credentials('auditor', 'GET', PATH);
    await expectRefused(
      without.bundle(request(PATH, credentials), source(), { log: 0, from: 0, to: 3 }),
      'UNAUTHENTICATED log_public_url',
    );
    expect(await without.ownEntry(request(PATH, credentials), source(), { log: 0, index: 1 })).to.equal(undefined);
    await expectRefused(
      NO_READERS.bundle(request(PATH, {}), source(), { log: 0, from: 0, to: 3 }),
      'UNAUTHENTICATED token_missing',
    );
  });

  async function expectRefused(reading: Promise<unknown>, refused: string): Promise<void> {
    const error = await reading.then(
      () => expect.fail('it was answered'),
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof Refusal)) throw error;
    expect([error.code, ...(error.reasons ?? [])].join(' ')).to.equal(refused);
  }
});
