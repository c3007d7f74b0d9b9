import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { calculateJwkThumbprint, SignJWT } from 'jose';
import { startIdentityProcess, type IdentityProcess } from '../../../gateway/compose/identity-process.js';
import { parseConfig } from '../../../gateway/config/read-config.js';
import { entrySubject, type EntryDraft } from '../../../monitoring/audit/entries.js';
import { DailySealing } from '../../../monitoring/identity/identity-sealing.js';
import type { HttpConnections } from '../../../schemas/ports/http-client.js';
import { listeningObserver, seededRandom, standingClock } from '../../doubles.js';
import { intentDraft } from '../../monitoring/audit/drafts.js';
import { openDatabase, openLog } from '../../monitoring/audit/harness.js';
import { makeRecipient } from '../../monitoring/identity/recipient.js';
import { HandClock, newKeys, type Keys } from '../auth/party.js';
import type { TestDatabase } from '../state/test-database.js';

const IIN = '900101300017';
const ISSUER = 'https://id.example';
const PUBLIC_URL = 'https://identity.tereze.example';
const AUDIENCE = 'https://identity.tereze.example/identity/v1';
const REQUESTS = '/identity/v1/requests';
const QUESTION = {
  reason: 'a breach at the housing agency',
  case: { agency: 'housing', number: 'B-2026-1' },
  people: [{ log: 'tereze/0', index: 0, position: 0 }],
};

/** Clocks are moved by hand, but unknown clients are answered in turns. */
class RunningHandClock extends HandClock {
  override monotonic(): number {
    return performance.now();
  }
}

interface Told {
  readonly status: number;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly code: string | undefined;
  readonly reasons: readonly string[];
  readonly headers: Headers;
}

describe('the identity process', () => {
  let database: TestDatabase;
  let folder: string;
  let issuer: Keys;
  let holders: Readonly<Record<string, Keys>>;
  let process: IdentityProcess;
  let clock: RunningHandClock;
  let observer: ReturnType<typeof listeningObserver>;
  let proofs = 0;

  const configText = (key: string): string => `
version: 1
environment: production
state: { anchor: { disk: { kind: directory, directory: anchor } } }
server: { public_url: "https://tereze.example" }
authentication:
  audience: https://tereze.example/graphql
  token_max_age_s: 3600
  issuers: [{ issuer: "${ISSUER}", jwks_uri: "${ISSUER}/jwks" }]
  agencies:
    - { id: housing, bin: "000140000002", name: Housing }
officers:
  audience: https://audit.tereze.example/audit/v1
  clients: [desk]
  people:
    - { issuer: "${ISSUER}", subject: asker, agency: housing, roles: [search, identify] }
    - { issuer: "${ISSUER}", subject: second, agency: housing, roles: [second] }
    - { issuer: "${ISSUER}", subject: both, agency: housing, roles: [identify, second] }
policies: { secret_file: secret }
registers: {}
audit:
  durability: single_node
  anchor: none
  origin: log.example.kz/tereze
  identity:
    recipients: [{ name: dpo, key: ${key} }]
    server: { port: 0, public_url: "${PUBLIC_URL}", audience: "${AUDIENCE}" }
`;
  let config: ReturnType<typeof parseConfig>;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-identity-'));
    database = await openDatabase();
    const recipient = await makeRecipient('dpo');
    writeFileSync(join(folder, 'dpo.jwks'), JSON.stringify({ keys: [recipient.jwk] }), { mode: 0o600 });
    const sealing = new DailySealing({
      ...{ sql: database.sql, clock: standingClock(), random: seededRandom(), recipients: [recipient] },
      isStateCurrent: () => true,
    });
    const seal = await sealing.current();
    const salt = Buffer.alloc(16, 1);
    const token = '0'.repeat(32);
    const sealed = seal(IIN);
    const log = await openLog(database.sql);
    await log.append({
      body: { ...intentDraft('r1').body, subjects: [entrySubject({ identifier: IIN, token, salt, sealed })] } as never,
      beside: { subjectTokens: [token], subjectSalts: [salt.toString('hex')], subjectSealed: [sealed] },
    } satisfies EntryDraft);
    await log.close();
    issuer = await newKeys();
    const [asker, second, both, stranger] = await Promise.all([newKeys(), newKeys(), newKeys(), newKeys()]);
    holders = { asker, second, both, stranger };
    config = parseConfig('tereze.yaml', configText(recipient.key), {});
    await start();
  });
  after(async () => {
    await process.stop();
    await database.close();
    rmSync(folder, { recursive: true });
  });

  async function start(): Promise<void> {
    clock ??= new RunningHandClock();
    observer = listeningObserver();
    const { identity } = config.audit;
    if (identity === undefined || identity === 'none' || identity.server === undefined) throw new Error('no identity');
    process = await startIdentityProcess(
      config,
      { ...identity, server: identity.server },
      { keyFile: join(folder, 'dpo.jwks'), directory: join(folder, 'requests') },
      { sql: database.sql, clock, random: seededRandom(`${proofs}`), observer, issuerConnections: keysOf(issuer) },
    );
    // What was made before the start, clocks that differ included, may have been used before it.
    clock.advance(11_000);
  }

  async function credentials(
    who: string,
    method: string,
    path: string,
    claims: Readonly<Record<string, unknown>> = {},
  ): Promise<Record<string, string>> {
    const holder = holders[who] ?? expect.fail(who);
    const seconds = Math.floor(clock.now().getTime() / 1000);
    const token = await new SignJWT({
      ...{ iss: ISSUER, aud: AUDIENCE, sub: who, client_id: 'desk', jti: `t-${who}-${(proofs += 1)}` },
      ...{ iat: seconds, exp: seconds + 300, cnf: { jkt: await calculateJwkThumbprint(holder.jwk) } },
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k' })
      .sign(issuer.privateKey);
    const ath = createHash('sha256').update(token).digest('base64url');
    const proof = await new SignJWT({
      jti: `proof-number-${proofs}`,
      htm: method,
      htu: `${PUBLIC_URL}${path}`,
      iat: seconds,
      ath,
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: holder.jwk })
      .sign(holder.privateKey);
    return { authorization: `DPoP ${token}`, dpop: proof };
  }

  async function send(method: string, path: string, headers: Record<string, string>, body?: unknown): Promise<Told> {
    const response = await fetch(`${process.url}${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed = JSON.parse(text) as Told['body'] & {
      errors?: [{ extensions: { code: string; reasons: readonly string[] } }];
    };
    const [error] = parsed.errors ?? [];
    return {
      ...{ status: response.status, text, body: parsed, headers: response.headers },
      ...{ code: error?.extensions.code, reasons: error?.extensions.reasons ?? [] },
    };
  }

  const as = async (who: string, method: string, path: string, body?: unknown): Promise<Told> =>
    send(method, path, await credentials(who, method, path), body);
  async function asked(who = 'asker'): Promise<{ readonly id: string; readonly hash: string }> {
    const { status, body } = await as(who, 'POST', REQUESTS, QUESTION);
    expect(status).to.equal(201);
    return { id: String(body['id']), hash: String(body['hash']) };
  }
  const approve = (who: string, { id, hash }: { id: string; hash: string }) =>
    as(who, 'POST', `${REQUESTS}/${id}/approval`, { hash });
  const identify = (who: string, { id, hash }: { id: string; hash: string }) =>
    as(who, 'POST', `${REQUESTS}/${id}/people`, { hash });

  it('says a number to the asker, once, after another officer approved, and says it nowhere else', async () => {
    const request = await asked();
    const shown = await as('second', 'GET', `${REQUESTS}/${request.id}/decision`);
    expect(shown.body).to.include({ hash: request.hash, people: 1, reason: QUESTION.reason });
    expect((await identify('asker', request)).code).to.equal('APPROVAL_INVALID');
    expect((await approve('second', request)).status).to.equal(200);
    const { status, body, headers } = await identify('asker', request);
    expect({ status, body }).to.deep.equal({
      status: 200,
      body: { people: [{ ...QUESTION.people[0], number: IIN }] },
    });
    expect(headers.get('cache-control')).to.equal('no-store');
    const { rows } = await database.sql.query<{ kind: string; outcome: string; officer: string; entry: Buffer }>(
      "SELECT kind, outcome, officer, entry FROM audit_entry WHERE kind LIKE 'audit_read%' ORDER BY log_id, index",
    );
    expect(rows.map(({ kind, outcome, officer }) => [kind, outcome, officer])).to.deep.equal([
      ['audit_read', 'audit_people_identified', 'asker'],
      ['audit_read_end', 'audit_people_identified', 'asker'],
    ]);
    for (const { entry } of rows) expect(entry.toString()).to.not.include(IIN);
    expect(await identify('asker', request)).to.deep.include({ code: 'APPROVAL_INVALID', reasons: ['used'] });
    const stored = readdirSync(join(folder, 'requests'))
      .map((name) => readFileSync(join(folder, 'requests', name), 'utf8'))
      .join();
    expect(JSON.stringify(observer.lines) + stored).not.to.include(IIN);
    expect(observer.lines.map(({ event }) => event)).to.include.members(['identify_asked', 'identify_used']);
  });

  it('keeps requests, approvals and uses over a start', async () => {
    const [used, open] = [await asked(), await asked()];
    await approve('second', used);
    await approve('second', open);
    await identify('asker', used);
    await process.stop();
    await start();
    expect((await identify('asker', used)).reasons).to.deep.equal(['used']);
    expect((await identify('asker', open)).status).to.equal(200);
  });

  it('takes a proof once, and none from before its start', async () => {
    const headers = await credentials('asker', 'POST', REQUESTS);
    expect((await send('POST', REQUESTS, headers, QUESTION)).status).to.equal(201);
    expect((await send('POST', REQUESTS, headers, QUESTION)).code).to.equal('INVALID_DPOP_PROOF');
    const later = await credentials('asker', 'POST', REQUESTS);
    await process.stop();
    await start();
    for (const old of [headers, later])
      expect((await send('POST', REQUESTS, old, QUESTION)).code).to.equal('INVALID_DPOP_PROOF');
  });

  it('takes neither the token nor the proof of one officer for another, nor one token for both', async () => {
    const request = await asked();
    const path = `${REQUESTS}/${request.id}/approval`;
    const [mine, theirs] = [await credentials('asker', 'POST', path), await credentials('second', 'POST', path)];
    const hash = { hash: request.hash };
    expect((await send('POST', path, mine, hash)).code).to.equal('ROLE_REQUIRED');
    const mixed = { authorization: mine['authorization'] ?? '', dpop: theirs['dpop'] ?? '' };
    expect((await send('POST', path, mixed, hash)).code).to.equal('INVALID_DPOP_PROOF');
    const own = await asked('both');
    expect(await approve('both', own)).to.deep.include({ code: 'APPROVAL_INVALID', reasons: ['same_officer'] });
    expect((await identify('both', own)).reasons).to.deep.equal(['not_approved']);
  });

  for (const [what, claims] of [
    ['for callers of the gateway', { aud: 'https://tereze.example/graphql' }],
    ['for the officers’ address', { aud: 'https://audit.tereze.example/audit/v1' }],
    ['of another issuer', { iss: 'https://other.example' }],
    ['of a system that acts for an officer', { act: { sub: 'desk' } }],
    ['of no officer', { sub: 'stranger' }],
    ['of another client', { client_id: 'other' }],
    ['that is bound to no key', { cnf: undefined }],
  ] as const)
    it(`refuses a token ${what}`, async () => {
      const headers = await credentials('asker', 'POST', REQUESTS, claims);
      expect((await send('POST', REQUESTS, headers, QUESTION)).status).to.be.oneOf([401, 403]);
    });

  it('refuses a token that is five minutes old, although callers’ may be an hour', async () => {
    const seconds = Math.floor(clock.now().getTime() / 1000);
    const old = { iat: seconds - 320, exp: seconds + 300 };
    const headers = await credentials('asker', 'POST', REQUESTS, old);
    expect((await send('POST', REQUESTS, headers, QUESTION)).code).to.equal('UNAUTHENTICATED');
  });

  it('refuses who brings no token', async () => {
    for (const [method, path] of [
      ['POST', REQUESTS],
      ['GET', `${REQUESTS}/00000000-0000-4000-8000-000000000001`],
    ] as const)
      expect((await send(method, path, {}, method === 'POST' ? QUESTION : undefined)).code).to.equal('UNAUTHENTICATED');
  });

  for (const [what, body] of [
    ['no people', { ...QUESTION, people: [] }],
    [
      'more people than may be',
      { ...QUESTION, people: Array.from({ length: 10_001 }, (_, index) => ({ ...QUESTION.people[0], index })) },
    ],
    ['a person twice', { ...QUESTION, people: [QUESTION.people[0], QUESTION.people[0]] }],
    ['an index below 0', { ...QUESTION, people: [{ ...QUESTION.people[0], index: -1 }] }],
    ['a log that is none', { ...QUESTION, people: [{ ...QUESTION.people[0], log: 'other' }] }],
    ['a reason that is too short', { ...QUESTION, reason: 'why' }],
    ['a reason with a number', { ...QUESTION, reason: `the complaint of ${IIN} to us` }],
    ['a reason with a number in other digits', { ...QUESTION, reason: 'the complaint of ٩٠٠١٠١٣٠٠٠١٧ to us' }],
    ['no case', { ...QUESTION, case: undefined }],
    ['a member that there is not', { ...QUESTION, number: IIN }],
    ['a list', [QUESTION]],
    ['no JSON', '{'],
  ] as const)
    it(`refuses a question with ${what}, and repeats nothing of it`, async () => {
      const { status, text } = await as('asker', 'POST', REQUESTS, body);
      expect(status).to.equal(400);
      expect(text).not.to.include(IIN);
    });

  it('refuses a hash or request that is none', async () => {
    const request = await asked();
    expect((await approve('second', { ...request, hash: 'a'.repeat(64) })).reasons).to.deep.equal(['changed']);
    expect((await approve('second', { ...request, hash: 'x' })).code).to.equal('AUDIT_REQUEST_INVALID');
    expect((await approve('second', { ...request, id: '00000000-0000-4000-8000-000000000001' })).reasons).to.deep.equal(
      ['unknown_request'],
    );
    expect((await approve('second', { ...request, id: 'none' })).status).to.equal(400);
    expect((await as('asker', 'GET', '/identity/v1/people')).code).to.equal('NOT_FOUND');
  });
});

function keysOf({ jwk }: Keys): HttpConnections {
  return {
    send: async ({ checkHead }) => {
      const answer = { status: 200, headers: { 'content-type': 'application/json' } };
      checkHead?.(answer);
      return { ...answer, body: Buffer.from(JSON.stringify({ keys: [{ ...jwk, kid: 'k' }] })) };
    },
    close: () => undefined,
  };
}
