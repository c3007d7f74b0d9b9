import dns from 'node:dns';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { Adapter, RegisterAnswer, RegisterFailure } from '../../adapters/port.js';
import { packageRoot } from '../../schemas/package-root.js';
import { REGISTER_FAILURES, type FailureReason } from '../../schemas/failures/register-failure.js';
import { runningClock } from '../doubles.js';
import { issueCertificate, type Issuing } from '../ports/issued-certificate.js';
import { listenRaw, rawResponse, type RawListener } from '../ports/raw-listener.js';
import { rejection } from '../rejection.js';
import { openTokenEndpoint, sendJson } from './auth/token-endpoint.js';
import { entities, leaf } from './selections.js';
import { ask, envelope, ONE, people } from './soap/asked-operation.js';
import { readSelection, response, withAdapter } from './soap/raw-register.js';

/** What is wrong, with a register that is opened by its settings and asked for one person over a connection. */
interface Wrong {
  /** The answer, instead of the right one. A function answers byte by byte. */
  readonly answer?: Buffer | object | string | null | ((listener: RawListener) => void);
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Changes the operation of `source.yaml`. */
  readonly operation?: readonly [from: string, to: string];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly tls?: { readonly server: Issuing; readonly asksClient?: boolean };
  /** Instead of the address of the listener. */
  readonly url?: (port: number) => string;
  readonly withinMs?: number;
  readonly keys?: readonly string[];
  /** Reads that fail before. */
  readonly before?: number;
}

/** How a reason comes about: here, or in another test file, of the protocol that has it. */
type Cause = Wrong | (() => Promise<unknown>) | { readonly in: string };

const authority = issueCertificate({ name: 'authority' });
const HOSTS = ['127.0.0.1'];
const BATCH = ['person: {', 'person: { batch: { answer: unordered }, '] as const;
const LIST = ['answer: {}', 'answer: { items: [items] }'] as const;
const soap = (answer: Buffer | string) => async (): Promise<unknown> =>
  (await ask({ operations: ONE('record: [people, person]'), answer, iins: ['1'] })).answer;

const VERIFIER = 'tests/adapters/soap/signing/verifier.test.ts';
const RECORDS = 'tests/adapters/sql/records.test.ts';

/** Every reason has a cause: without one this does not compile. */
const CAUSES: Readonly<Record<FailureReason, Cause>> = {
  dns_failed: () => withoutNames(() => readWrong({ url: (port) => `http://localhost:${port}` })),
  connect_refused: { url: () => 'http://127.0.0.1:1' },
  connect_timeout: { url: (port) => `https://127.0.0.1:${port}`, answer: () => undefined, withinMs: 300 },
  connection_cut: { answer: (listener) => (listener.respond = ({ socket }) => socket.destroy()) },
  tls_untrusted: { tls: { server: { name: 'register', hosts: HOSTS } } },
  tls_name_mismatch: { tls: { server: { name: 'register', hosts: ['other.example'], by: authority } } },
  tls_expired: { tls: { server: { name: 'register', hosts: HOSTS, by: authority, to: new Date('2021-01-01') } } },
  tls_client_certificate: { tls: { server: { name: 'register', hosts: HOSTS, by: authority }, asksClient: true } },
  redirect_refused: { status: 302, headers: { Location: '/' } },
  deadline: { answer: () => undefined, withinMs: 200 },
  overloaded: { status: 429 },
  breaker_open: { status: 500, before: 1, settings: { breaker: { volume: 1 } } },
  credentials_refused: { status: 401 },
  access_refused: { status: 403 },
  token_refused: () => withTokens((auth) => readWrong({ settings: { auth }, files: { secret: 'hush' } })),
  status_unexpected: { status: 500 },
  content_type: { headers: { 'Content-Type': 'text/html' } },
  charset: { headers: { 'Content-Type': 'application/json; charset=koi8-r' } },
  content_encoding: { headers: { 'Content-Encoding': 'br' } },
  too_large: { answer: gzipSync(Buffer.alloc(20_000_000, ' ')), headers: { 'Content-Encoding': 'gzip' } },
  json_invalid: { answer: Buffer.from('{') },
  json_duplicate_name: { answer: Buffer.from('{"n":"1","n":"1"}') },
  text_invalid: { answer: Buffer.from([0x22, 0xff, 0x22]) },
  xml_invalid: soap(response('<a>')),
  xml_doctype: soap(response('<!DOCTYPE a><a/>')),
  xml_too_deep: soap(response('<a>'.repeat(70))),
  mtom_unsupported: soap(response('', { type: 'multipart/related; type="application/xop+xml"; boundary=x' })),
  envelope_missing: { operation: ['answer: {}', 'answer: { record: [data] }'], answer: {} },
  not_a_list: { operation: [`${BATCH[0]}`, `${BATCH[1]}`], answer: { items: 1 } },
  key_missing: { answer: { name: 'A' } },
  key_type: { answer: { n: 1 } },
  other_subject: { answer: { n: '2' } },
  duplicate_record: { operation: BATCH, answer: { items: [{ n: '1' }, { n: '1' }] } },
  batch_count: { operation: [BATCH[0], BATCH[1].replace('unordered', 'ordered')], answer: { items: [] } },
  batch_item_error: {
    operation: [BATCH[0], BATCH[1].replace('unordered', 'ordered, item_error: { at: fault }')],
    answer: { items: [{ fault: 1 }] },
  },
  page_address: {
    operation: [BATCH[0], `${BATCH[1]}page: { by: link }, `],
    answer: { items: [] },
    headers: { Link: '<https://evil.example/>; rel=next' },
  },
  page_limit: {
    operation: [BATCH[0], `${BATCH[1]}page: { by: link, max: 1 }, `],
    answer: { items: [] },
    headers: { Link: '<?page=2>; rel=next' },
  },
  value_type: { answer: { n: '1', name: {} } },
  value_precision: { answer: Buffer.from('{"n":"1","ratio":12345678901234567.89}') },
  value_code_unknown: { answer: { n: '1', code: 'Z' } },
  discriminator_unknown: { answer: { n: '1', born: { type: 'Z' } } },
  soap_fault: soap(
    response(envelope('<s:Fault><faultcode>s:Server</faultcode><faultstring>x</faultstring></s:Fault>'), {
      status: '500 Internal Server Error',
    }),
  ),
  soap_unexpected: soap(people('')),
  status_code_unknown: { in: 'tests/adapters/soap/operations.test.ts' },
  signature_missing: { in: VERIFIER },
  signature_invalid: { in: VERIFIER },
  signature_algorithm: { in: VERIFIER },
  signature_scope: { in: VERIFIER },
  certificate_untrusted: { in: 'tests/adapters/soap/signing/trust.test.ts' },
  timestamp_missing: { in: VERIFIER },
  timestamp_stale: { in: VERIFIER },
  response_replayed: { in: 'tests/adapters/soap/soap-adapter.test.ts' },
  correlation_mismatch: { in: 'tests/adapters/xroad/check-reply.test.ts' },
  xroad_error: { in: 'tests/adapters/xroad/xroad-adapter.test.ts' },
  xroad_header: { in: 'tests/adapters/xroad/xroad-adapter.test.ts' },
  hash_mismatch: { in: 'tests/adapters/xroad/xroad-adapter.test.ts' },
  sql_denied: { in: RECORDS },
  sql_failed: { in: 'tests/adapters/sql/sql-adapter.test.ts' },
  schema_drift: { in: RECORDS },
  row_limit: { in: RECORDS },
  graphql_errors: { in: 'tests/adapters/registers-over-http.test.ts' },
  address_agreement_ended: {
    operation: ['person: {', 'person: { identifier_in_address: { owner: O, agreement: A, until: 2020-01-01 }, '],
  },
};

const SOURCE = `
protocol: rest
operations:
  person: { request: { method: POST, path: /p, body: { n: "{iin}" } }, answer: {} }
types:
  Person:
    key: iin
    read: person
    fields:
      iin: n
      name: name
      ratio: { at: ratio, as: decimal }
      code: { at: code, as: code, codes: { A: ACTIVE } }
      born: { at: born, discriminator: { at: type, types: { Date: Born } } }
  Born: { fields: { date: date } }
`;
const clock = runningClock();
const PERSON = entities('Person', [
  leaf('name'),
  (parentType) => ({ ...leaf('ratio')(parentType), type: 'Float' }),
  leaf('code'),
  (parentType) => ({ ...leaf('born')(parentType), type: 'Birth', fields: [leaf('date')('Born')] }),
]);

/** Returns the answer of a register that does one thing wrong. */
async function readWrong(wrong: Wrong): Promise<unknown> {
  const { answer = { n: '1' }, status = 200, headers = {}, operation, settings = {}, files = {}, tls } = wrong;
  const server = tls && issueCertificate(tls.server);
  const listener = await listenRaw(
    server && {
      cert: server.certificate,
      key: server.key,
      ...(tls?.asksClient === true && { requestCert: true, rejectUnauthorized: true, ca: authority.certificate }),
    },
  );
  listener.respond = ({ socket }) => {
    const body = Buffer.isBuffer(answer) ? answer : JSON.stringify(answer);
    socket.end(rawResponse(status, { 'Content-Type': 'application/json', ...headers }, body));
  };
  if (typeof answer === 'function') {
    listener.respond = () => undefined;
    answer(listener);
  }
  const isBatch = operation?.[1].includes('batch:') === true;
  const source = [
    operation,
    ...(isBatch ? [LIST, ['read: person', 'batch: person'] as const, ['"{iin}"', '"{iin[]}"'] as const] : []),
  ]
    .filter((change) => change !== undefined)
    .reduce((text, [from, to]) => text.replace(from, to), SOURCE);
  const origin = wrong.url?.(listener.port) ?? `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${listener.port}`;
  const reading = {
    source,
    files: { ...files, 'ca.pem': authority.certificate },
    settings: {
      protocol: 'rest',
      auth: { type: 'none' },
      ...(tls && { tls: { ca_file: 'file:ca.pem' } }),
      ...settings,
    },
    clock,
  };
  try {
    return await withAdapter(origin, reading, async (adapter) => {
      for (let read = 0; read < (wrong.before ?? 0); read += 1) await rejection(readPerson(adapter, wrong));
      return await readPerson(adapter, wrong);
    });
  } finally {
    await listener.close();
  }
}

function readPerson(adapter: Adapter, { withinMs = 60_000, keys = ['1'] }: Wrong): Promise<unknown> {
  const within = { ...clock, monotonic: () => clock.monotonic() + withinMs - 5_000 };
  return readSelection(adapter, PERSON, { keys: keys.map((iin) => ({ __typename: 'Person', iin })), clock: within });
}

/** Runs with a resolver that knows no name. */
async function withoutNames<Result>(run: () => Promise<Result>): Promise<Result> {
  const { lookup } = dns;
  const unknown = (host: string, ...rest: readonly unknown[]): void => {
    if (host !== 'localhost') return void Reflect.apply(lookup, dns, [host, ...rest]);
    const callback = rest.at(-1) as (error: Error) => void;
    callback(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }));
  };
  dns.lookup = unknown as typeof lookup;
  try {
    return await run();
  } finally {
    dns.lookup = lookup;
  }
}

/** Runs with a token server that knows no client. */
async function withTokens<Result>(run: (auth: object) => Promise<Result>): Promise<Result> {
  const tokens = await openTokenEndpoint();
  tokens.answer = (reply) => sendJson(reply, { error: 'invalid_client' }, 400);
  const client = { client_id: 'tereze', client_auth: 'client_secret_post', secret_file: 'file:secret' };
  try {
    return await run({ type: 'oauth2', token_url: tokens.url, ...client });
  } finally {
    await tokens.close();
  }
}

/** Returns the reasons that the caller would be told, or the log: that of the call, or those of its fields. */
async function reasonsOf(read: Promise<unknown>): Promise<readonly unknown[]> {
  try {
    const { groups } = (await read) as RegisterAnswer;
    return groups.flatMap(({ errors }) => errors.map(({ reason }) => reason));
  } catch (error) {
    return [(error as RegisterFailure).reason];
  }
}

describe('each reason of a failed call is caused', () => {
  for (const reason of Object.keys(REGISTER_FAILURES) as FailureReason[]) {
    const cause = CAUSES[reason];
    if ('in' in cause)
      it(`${reason}, in ${cause.in}`, () => {
        const file = join(packageRoot(), cause.in);
        expect(existsSync(file), file).to.equal(true);
        expect(readFileSync(file, 'utf8')).to.match(new RegExp(`['"\`]${reason}['"\`]|${reason}:`));
      });
    else
      it(reason, async () => {
        const read = typeof cause === 'function' ? cause() : readWrong(cause);
        expect(await reasonsOf(read)).to.include(reason);
      });
  }
});
