import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { calculateJwkThumbprint, SignJWT } from 'jose';
import { SeenProofs } from '../../../gateway/auth/seen-proofs.js';
import { parseConfig } from '../../../gateway/config/read-config.js';
import type { Config } from '../../../gateway/config/schema.js';
import type { LogReaders } from '../../../gateway/http/log-routes.js';
import { openLogReaders } from '../../../gateway/officers/log-readers.js';
import { openOfficers, type OpenedOfficers } from '../../../gateway/officers/open-officers.js';
import type { OfficersApi } from '../../../gateway/officers/answering.js';
import { openOfficersServer, type OfficersServer } from '../../../gateway/officers/server.js';
import type { EntryBody, EntryDraft } from '../../../monitoring/audit/entries.js';
import type { PostgresLog } from '../../../monitoring/audit/append/postgres-log.js';
import type { HttpConnections } from '../../../schemas/ports/http-client.js';
import type { Random } from '../../../schemas/ports/random.js';
import { listeningObserver, seededRandom } from '../../doubles.js';
import { completionDraft, intentDraft, refusalDraft, tokenOf } from '../../monitoring/audit/drafts.js';
import { FaultySql } from '../../monitoring/audit/append/faulty-sql.js';
import { MIGRATIONS, openLog, storedRows } from '../../monitoring/audit/harness.js';
import { CITIZEN, HandClock, MemoryReplayStore, newKeys, type Keys } from '../auth/party.js';
import { openTestDatabase, type TestDatabase } from '../state/test-database.js';

export const PUBLIC_URL = 'https://audit.tereze.example';
const AUDIENCE = 'https://audit.tereze.example/audit/v1';
export const ISSUER = 'https://id.example';
export const CLIENT = 'officers-desk';

/** The officers of the tests, by what they are. */
const ROLES = {
  local: { agency: 'housing', roles: ['search', 'export'] },
  colleague: { agency: 'housing', roles: ['search', 'second'] },
  neighbour: { agency: 'social', roles: ['search', 'second', 'export'] },
  national: { agency: 'social', roles: ['search', 'national', 'export', 'identify'] },
  overseer: { agency: 'integrity', roles: ['second', 'national'] },
  archivist: { agency: 'housing', roles: ['entries'] },
  approver: { agency: 'housing', roles: ['documents'] },
} as const;
export type OfficerName = keyof typeof ROLES;
export const OFFICERS = Object.keys(ROLES) as OfficerName[];
export const rolesOf = (name: OfficerName): readonly string[] => ROLES[name].roles;
export const agencyOf = (name: OfficerName): string => ROLES[name].agency;

export const configText = (
  people = ROLES as Readonly<Record<string, { agency: string; roles: readonly string[] }>>,
) => `
version: 1
environment: test

server: { public_url: "https://tereze.example", audit: { public_url: "${PUBLIC_URL}", port: 0 } }
authentication:
  audience: https://tereze.example/graphql
  issuers: [{ issuer: "${ISSUER}", jwks_uri: "${ISSUER}/jwks" }]
  agencies:
    - { id: housing, bin: "000140000002", name: Housing, case_pattern: "^HQ-[0-9-]+$" }
    - { id: social, bin: "000240000006", name: Social }
    - { id: integrity, bin: "000340000002", name: Integrity }
officers:
  audience: ${AUDIENCE}
  clients: [${CLIENT}]
  person_searches_per_day: 3
  people:
${Object.entries(people)
  .map(
    ([subject, { agency, roles }]) =>
      `    - { issuer: "${ISSUER}", subject: ${subject}, agency: ${agency}, roles: [${roles.join(', ')}] }`,
  )
  .join('\n')}
policies: { secret_file: secret }
registers: {}
audit: { origin: log.example.kz/tereze }
`;

/** An answer of the officers' address. */
export interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Code of the refusal; undefined if it is none. */
  readonly code: string | undefined;
  readonly reasons: readonly string[];
}

/** What a request has beside its method and path. */
export interface Sent {
  readonly body?: unknown;
  /** Claims of the token instead of the right ones. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Headers instead of the right ones; undefined leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** The officers' address over a database of its own, with an issuer that signs in everyone who is named. */
export class Desk {
  readonly clock: HandClock;
  readonly observer: ReturnType<typeof listeningObserver>;
  /** Refusals that were counted. */
  readonly counted: Counted[];
  readonly api: OfficersApi;
  readonly server: OfficersServer;
  readonly #parts: Parts;
  /** Origin that proofs must name. */
  readonly #origin: string;
  #proofs = 0;

  private constructor(parts: Parts, { clock, observer, counted, api, server, origin }: Served) {
    this.#parts = parts;
    this.clock = clock;
    this.observer = observer;
    this.counted = counted;
    this.api = api;
    this.server = server;
    this.#origin = origin;
  }

  static async open(
    change: (config: Config) => Config = (config) => config,
    pagesOf: PagesOf = noPages,
  ): Promise<Desk> {
    const database = await openTestDatabase({
      migrations: [MIGRATIONS, 'gateway/auth/migrations', 'gateway/officers/migrations'],
    });
    const [issuer, client] = await Promise.all([newKeys(), newKeys()]);
    const [logSql, sql] = [new FaultySql(database.sql), new FaultySql(database.sql)];
    const log = await openLog(logSql, 'replica-1', { poolSize: 1 });
    for (const draft of twoAgencies()) await log.append(draft);
    const parts: Parts = {
      ...{ database, logSql, sql, log, issuer, client },
      thumbprint: await calculateJwkThumbprint(client.jwk),
      pagesOf,
    };
    return Desk.#serve(parts, change(parseConfig('tereze.yaml', configText(), {})));
  }

  static async #serve(parts: Parts, config: Config): Promise<Desk> {
    const shared = { clock: new RunningHandClock(), observer: listeningObserver(), random: seededRandom('officers') };
    const routes = apiOf(parts, config, shared);
    const api = { ...routes, pages: parts.pagesOf(config, routes, shared) };
    const address = config.server.audit;
    if (address === undefined) throw new Error('the configuration has no address for officers');
    const counted: Counted[] = [];
    const countRefused = (refusal: Counted): void => void counted.push(refusal);
    const server = await openOfficersServer({ config: config.server, address, ...shared, api, countRefused });
    return new Desk(parts, { ...shared, counted, api, server, origin: address.public_url });
  }

  /** Serves another configuration from the next request on. */
  replace(config: Config): void {
    const shared = {
      clock: this.clock,
      observer: this.observer,
      random: seededRandom(`${config.officers.people.length} officers`),
    };
    const api = apiOf(this.#parts, config, shared);
    this.server.replace({ ...api, pages: this.#parts.pagesOf(config, api, shared) });
  }

  /** Who may see entries at an address of the log that has the same origin. */
  logReaders(config: Config): LogReaders {
    const shared = { clock: this.clock, random: seededRandom('log readers') };
    return openLogReaders(config, { ...portsOf(this.#parts, shared), needsCase: () => false });
  }

  get log(): PostgresLog {
    return this.#parts.log;
  }
  get sql(): FaultySql {
    return this.#parts.sql;
  }
  get logSql(): FaultySql {
    return this.#parts.logSql;
  }
  get database(): TestDatabase {
    return this.#parts.database;
  }

  /** Sends a request as an officer, with a fresh token and proof. */
  async ask(officer: OfficerName | string, method: string, path: string, sent: Sent = {}): Promise<Told> {
    const headers = { ...(await this.credentials(officer, method, path, sent.claims)), ...sent.headers };
    return this.send(method, path, headers, sent.body);
  }

  async credentials(
    officer: string,
    method: string,
    path: string,
    claims: Sent['claims'] = {},
  ): Promise<Record<string, string>> {
    const { issuer, client, thumbprint } = this.#parts;
    const seconds = Math.floor(this.clock.now().getTime() / 1000);
    const token = await sign(
      { alg: 'ES256', typ: 'at+jwt', kid: 'k' },
      {
        ...{ iss: ISSUER, aud: AUDIENCE, sub: officer, client_id: CLIENT, jti: `t-${officer}` },
        ...{ iat: seconds, exp: seconds + 300, cnf: { jkt: thumbprint } },
        ...claims,
      },
      issuer,
    );
    this.#proofs += 1;
    const ath = createHash('sha256').update(token).digest('base64url');
    const htu = `${this.#origin}${path.split('?')[0] ?? ''}`;
    const proof = await sign(
      { alg: 'ES256', typ: 'dpop+jwt', jwk: client.jwk },
      { jti: `proof-number-${this.#proofs}`, htm: method, htu, iat: seconds, ath },
      client,
    );
    return { authorization: `DPoP ${token}`, dpop: proof };
  }

  send(method: string, path: string, headers: Sent['headers'] = {}, body?: unknown): Promise<Told> {
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const all = { ...(text === undefined ? {} : { 'content-type': 'application/json' }), ...headers };
    const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    const { hostname, port } = new URL(this.server.url);
    return new Promise((resolve, reject) => {
      const sending = httpRequest(
        { hostname, port, method, path, headers: given as Record<string, string> },
        (response) => {
          const chunks: Buffer[] = [];
          // An answer that breaks off is none.
          response.on('error', reject);
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => resolve(told(response.statusCode ?? 0, response.headers, Buffer.concat(chunks))));
        },
      );
      sending.on('error', reject);
      sending.end(text);
    });
  }

  /** Forgets what officers have spent, and what was counted. The log stays. */
  async reset(): Promise<void> {
    await this.database.ownerSql.query('TRUNCATE officer_person_search, officer_approval');
    this.counted.length = 0;
  }

  /** Entries of the log, oldest first. */
  async entries(): Promise<readonly EntryBody[]> {
    return (await storedRows(this.database.sql)).map(({ entry }) => JSON.parse(entry.toString()) as EntryBody);
  }

  async close(): Promise<void> {
    await this.server.drain();
    this.logSql.up();
    await this.#parts.log.close();
    await this.database.close();
  }
}

/** Real time is moved by hand; the monotonic clock runs, because unknown clients are answered in turns. */
class RunningHandClock extends HandClock {
  override monotonic(): number {
    return performance.now();
  }
}

/** What a configuration serves to officers. */
function apiOf(
  parts: Parts,
  config: Config,
  shared: { readonly clock: HandClock; readonly random: Random },
): OpenedOfficers {
  const tokens = { indexTokens: (subject: string) => [tokenOf(subject)] };
  const api = openOfficers(config, { ...portsOf(parts, shared), tokens });
  if (api === undefined) throw new Error('the configuration has no address for officers');
  return api;
}

function portsOf(parts: Parts, shared: { readonly clock: HandClock; readonly random: Random }) {
  return {
    ...shared,
    sql: parts.sql,
    log: parts.log,
    replay: new MemoryReplayStore(),
    seenProofs: new SeenProofs(),
    issuerConnections: keysOf(parts.issuer),
  };
}

/** Opens the pages of an interface. */
export type PagesOf = (
  config: Config,
  api: OpenedOfficers,
  shared: {
    readonly clock: HandClock;
    readonly random: Random;
    readonly observer: ReturnType<typeof listeningObserver>;
  },
) => OfficersApi['pages'];

const noPages: PagesOf = () => undefined;

interface Counted {
  readonly code: string;
  readonly source: string;
  readonly agency?: string;
  readonly system?: string;
}

type Served = Pick<Desk, 'clock' | 'observer' | 'counted' | 'api' | 'server'> & { readonly origin: string };

interface Parts {
  readonly database: TestDatabase;
  readonly logSql: FaultySql;
  readonly sql: FaultySql;
  readonly log: PostgresLog;
  readonly issuer: Keys;
  readonly client: Keys;
  readonly thumbprint: string;
  readonly pagesOf: PagesOf;
}

export const HOUSING_REQUEST = '00000000-0000-4000-8000-00000000000a';
export const SOCIAL_REQUEST = '00000000-0000-4000-8000-00000000000b';
const AT = '2026-11-23T09:00:00.000Z';
/** What only entries of the other agency say. */
export const OF_SOCIAL = 'social-benefits';

/** Entries of two agencies about the same person: what there is to see. The first two are of agency housing. */
function twoAgencies(): readonly EntryDraft[] {
  const caller = { kind: 'system', officer: null, actor: null, model: null } as const;
  const housing = { at: AT, caller: { ...caller, agency: 'housing', system: 'housing' } };
  const social = { at: AT, caller: { ...caller, agency: 'social', system: OF_SOCIAL } };
  return [
    intentDraft(HOUSING_REQUEST, { ...housing, subjects: [CITIZEN] }),
    completionDraft(HOUSING_REQUEST, housing),
    intentDraft(SOCIAL_REQUEST, { ...social, subjects: [CITIZEN] }),
    refusalDraft(SOCIAL_REQUEST, social),
  ];
}

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

function sign(header: object, claims: object, { privateKey }: Keys): Promise<string> {
  const defined = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
  return new SignJWT(defined).setProtectedHeader(header as { alg: string }).sign(privateKey);
}

function told(status: number, headers: Told['headers'], bytes: Buffer): Told {
  const text = bytes.toString();
  const isJson = String(headers['content-type']).startsWith('application/json');
  const body = (isJson ? JSON.parse(text) : {}) as Told['body'] & {
    readonly errors?: readonly {
      readonly extensions: { readonly code: string; readonly reasons: readonly string[] };
    }[];
  };
  const [error] = body.errors ?? [];
  return { status, headers, text, body, code: error?.extensions.code, reasons: error?.extensions.reasons ?? [] };
}
