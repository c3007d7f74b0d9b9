import { once } from 'node:events';
import { request as send, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { composeServices } from '@theguild/federation-composition';
import { expect } from 'chai';
import { parse } from 'graphql';
import type { Adapter, FetchSelection, PreparedFetch, RegisterCall, SelectedField } from '../../../adapters/port.js';
import { RegisterFailure } from '../../../adapters/port.js';
import { NO_ADMISSION } from '../../../gateway/admission/admission.js';
import { Slots } from '../../../gateway/admission/slots.js';
import { systemClock } from '../../../gateway/compose/clock.js';
import { limitsConfig } from '../../../gateway/config/parts/limits.js';
import { openExecution } from '../../../gateway/execution/open-execution.js';
import type { QuestionRun } from '../../../gateway/http/apollo/hosted.js';
import { Connections } from '../../../gateway/http/connections/connections.js';
import { GenerationServer } from '../../../gateway/http/generation-server.js';
import { InFlight } from '../../../gateway/http/in-flight.js';
import { createHttpServer, listen } from '../../../gateway/http/server.js';
import { PIPELINE } from '../../../gateway/pipeline.js';
import { EVERYTHING_BUT_SUBSCRIPTIONS } from '../../../gateway/planning/document/validate.js';
import { createPlanner } from '../../../gateway/planning/planner/planner.js';
import { createDocumentPreparer } from '../../../gateway/planning/prepare.js';
import { coerceVariables } from '../../../gateway/planning/variables.js';
import { createPipelineRun, isRecorded } from '../../../gateway/run-pipeline.js';
import { Turns } from '../../../gateway/turns.js';
import { buildPublicSchema } from '../../../schemas/catalogue/public-schema.js';
import { readSupergraph } from '../../../schemas/catalogue/supergraph-file.js';
import { bareObject } from '../../../schemas/objects.js';
import { listeningObserver, seededRandom, standingClock } from '../../doubles.js';
import { LIMITS } from '../planning/preparing.js';
import { BODY_LIMITS, SERVER_LIMITS } from './wire.js';

const SDL = `
  enum Kind { SMALL LARGE }
  input Where { kind: Kind since: Int! }
  type Person { id: ID! name: String age: Int friends: [Person!] failing: Int broken: Int! }
  type Query { person(id: ID!, where: Where): Person people(first: Int = 2): [Person] }
  type Mutation { push(item: Int!): Int }`;

const VALUES: Readonly<Record<string, unknown>> = { id: '1', name: 'Ä "quoted" \u2028 line', age: 40, push: 1 };

interface Prepared extends PreparedFetch {
  readonly fields: readonly SelectedField[];
}

/** A register that makes its answers up: by the names of the fields, and by the id that is asked. */
const ADAPTER: Adapter = {
  register: 'people',
  prepare: ({ fields }: FetchSelection): Prepared => ({ register: 'people', fields }),
  read: async ({ groups }: RegisterCall) => {
    const [group] = groups;
    if (group === undefined || group.variables['id'] === 'down') throw new RegisterFailure('people', 'connect_refused');
    const { fields } = group.prepared as Prepared;
    return { groups: [{ records: [made(fields)], errors: [] }] };
  },
  close: async () => undefined,
};

function made(fields: readonly SelectedField[]): Record<string, unknown> {
  const record = bareObject();
  for (const { name, responseKey, type, list, fields: below } of fields) {
    if (name === 'broken') record[responseKey] = null;
    else if (name === 'failing') record[responseKey] = 'no number';
    else if (name === '__typename') record[responseKey] = 'Person';
    else if (below.length === 0) record[responseKey] = VALUES[name] ?? type;
    else record[responseKey] = list ? [made(below), made(below)] : made(below);
  }
  return record;
}

const { supergraphSdl = '' } = composeServices([{ name: 'people', url: 'http://127.0.0.1:9/', typeDefs: parse(SDL) }]);
const { catalogue } = readSupergraph(supergraphSdl, 'supergraph');

interface Way {
  /** Answers, each with what was counted for it. */
  readonly answers: Answer[];
  /** Whether each question went through Express and Apollo Server. */
  readonly hosted: boolean[];
  ask(asking: Asking): Promise<void>;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: readonly string[];
  readonly text: string;
  readonly counted: readonly string[];
}

interface Asking {
  readonly body: string | Buffer;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
}

/** Opens a gateway that governs nothing. `isAlwaysNew`: no text is known to it, so each is hosted. */
async function openWay(isAlwaysNew: boolean): Promise<Way> {
  const publicSchema = buildPublicSchema(catalogue.publicSdl);
  const clock = standingClock();
  const random = seededRandom();
  let counted: string[] = [];
  const observer = {
    ...listeningObserver(),
    count: (name: string, labels = {}) => void counted.push(`${name} ${JSON.stringify(labels)}`),
    duration: (name: string, _: number, labels = {}) => void counted.push(`${name} ${JSON.stringify(labels)}`),
    log: (level: string, event: string) => void counted.push(`${level} ${event}`),
  };
  const needs = {
    admission: NO_ADMISSION,
    slots: new Slots(10),
    documents: { all: [], find: () => undefined },
    preparer: createDocumentPreparer({
      catalogue,
      publicSchema,
      planner: createPlanner(catalogue.supergraphSdl, { deadlineMs: 60_000 }),
      limits: LIMITS,
      maxDocuments: 100,
      maxPlanning: 2,
      allowedOperations: EVERYTHING_BUT_SUBSCRIPTIONS,
    }),
    viewOf: undefined,
    coerce: coerceVariables.bind(undefined, publicSchema),
    executor: openExecution({
      catalogue,
      publicSchema,
      adapters: new Map([['people', ADAPTER]]),
      quality: { prepare: () => undefined, contractVersion: () => '' },
      derivations: new Map(),
      clock,
      observer,
      registerTimeoutMs: () => 5_000,
    }),
  };
  const run = createPipelineRun(PIPELINE, 'ungoverned', needs, { turns: new Turns(), clock, observer });
  const connections = new Connections({
    limits: SERVER_LIMITS,
    proxies: [],
    clock: systemClock({ timeZone: 'UTC' }),
    observer,
    countRefused: ({ code }) => void counted.push(`refused ${code}`),
  });
  const generation = await GenerationServer.open(
    {
      runs: { graphql: isAlwaysNew ? forgetting(run) : run },
      schema: publicSchema,
      introspection: true,
      needsToken: false,
      supergraphSdl: catalogue.supergraphSdl,
      limits: limitsConfig.parse({}),
    },
    { clock, random, observer, inFlight: new InFlight(), connections, bodyLimits: BODY_LIMITS },
  );
  const hosted: boolean[] = [];
  let onClosed: () => void = () => undefined;
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    response.once('close', () => {
      const { locals } = response as { readonly locals?: { readonly apolloContext?: object } };
      hosted.push(locals?.apolloContext !== undefined);
      onClosed();
    });
    generation.handle(request, response);
  };
  const server = createHttpServer(handle, { limits: SERVER_LIMITS, connections, random });
  const url = await listen(server, { host: '127.0.0.1', port: 0 }, 'server.port');
  const answers: Answer[] = [];
  return {
    answers,
    hosted,
    ask: async ({ body, method = 'POST', path = '/graphql', headers = {} }) => {
      counted = [];
      const closed = new Promise<void>((resolve) => (onClosed = resolve));
      const asked = send(url + path, { method, headers: { 'content-type': 'application/json', ...headers } }).end(body);
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      const answer = { status: response.statusCode, headers: headersOf(response), text: await text(response) };
      await closed;
      answers.push({ ...answer, counted: counted.toSorted() });
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await generation.leave(100);
    },
  };
}

/** Hands on every plan as one that no one has seen before. */
function forgetting(run: QuestionRun): QuestionRun {
  const prepare: QuestionRun['prepare'] = async (received) => {
    const prepared = await run.prepare(received);
    if (isRecorded(prepared)) return prepared;
    const { work } = prepared;
    return { ...prepared, work: { ...work, planned: { ...work.planned } } };
  };
  return Object.assign(Object.create(run) as QuestionRun, {
    prepare,
    finish: run.finish.bind(run),
    refuse: run.refuse.bind(run),
  });
}

function headersOf({ rawHeaders }: IncomingMessage): readonly string[] {
  const lines = rawHeaders.flatMap((name, at) =>
    at % 2 === 0 ? [`${name.toLowerCase()}: ${rawHeaders[at + 1]}`] : [],
  );
  return lines.filter((line) => !line.startsWith('date:')).toSorted();
}

const PERSON = 'query P($id: ID!, $where: Where) { person(id: $id, where: $where) { id name age } }';
const TWO = 'query A { people { id } } query B($id: ID!) { person(id: $id) { name } }';
const json = (body: unknown): string => JSON.stringify(body);

const QUESTIONS: readonly Readonly<Record<string, unknown>>[] = [
  { query: PERSON, variables: { id: '1' } },
  { query: PERSON, variables: { id: 'down' } },
  { query: PERSON, operationName: 'P', variables: { id: '1', where: { since: 1, kind: 'LARGE' } } },
  { query: PERSON, operationName: null, variables: { id: '1' }, extensions: null },
  { query: PERSON, variables: {} },
  { query: PERSON },
  { query: PERSON, variables: { id: null } },
  { query: PERSON, variables: { id: ['1'] } },
  { query: PERSON, variables: { id: '1', where: { kind: 'HUGE', since: 1.5 } } },
  { query: PERSON, variables: { id: '1', where: { since: '1' } } },
  { query: PERSON, variables: { id: '1', other: 'unused' } },
  { query: PERSON, variables: { id: '1', __proto__: { id: '2' } } },
  { query: PERSON, operationName: 'Q', variables: { id: '1' } },
  { query: PERSON, operationName: '', variables: { id: '1' } },
  { query: PERSON, operationName: 7, variables: { id: '1' } },
  { query: PERSON, variables: 'id' },
  { query: PERSON, variables: [] },
  { query: PERSON, variables: { id: '1' }, extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } },
  { query: PERSON, variables: { id: '1' }, extensions: 'x' },
  { query: PERSON, variables: { id: '1' }, unknown: 1 },
  { query: PERSON, documentId: 'sha256:0', variables: { id: '1' } },
  { documentId: 'sha256:0' },
  { query: TWO, operationName: 'A' },
  { query: TWO, operationName: 'B', variables: { id: '1' } },
  { query: TWO },
  { query: '{ person(id: "1") { failing friends { name } } }' },
  { query: '{ person(id: "1") { broken } }' },
  { query: '{ people { id broken } }' },
  { query: '{ a: people { x: name } b: people { __typename } __typename }' },
  { query: 'query S($s: Boolean!) { people { id @skip(if: $s) name } }', variables: { s: true } },
  { query: 'query S($s: Boolean!) { people { id @skip(if: $s) name } }', variables: { s: false } },
  { query: 'query S($s: Boolean!) { people { id @skip(if: $s) name } }', variables: { s: 'yes' } },
  { query: 'mutation { push(item: 1) }' },
  { query: 'subscription { push }' },
  { query: '{ __schema { queryType { name } } }' },
  { query: '{ __type(name: "Person") { fields { name } } people { id } }' },
  { query: '{ nothing }' },
  { query: '{ people { id ' },
  { query: '' },
  { query: 1 },
  { query: '  { people { id } } # comment' },
  { query: `{ people { ${'friends { '.repeat(20)} id ${'} '.repeat(20)} } }` },
  { query: `{ ${Array.from({ length: 150 }, (_, at) => `a${at}: people { id }`).join(' ')} }` },
  {},
];

const KNOWN = json({ query: PERSON, variables: { id: '1' } });

const HEADERS: readonly OutgoingHttpHeaders[] = [
  { accept: '*/*' },
  { accept: 'application/json' },
  { accept: 'application/graphql-response+json' },
  { accept: 'application/graphql-response+json, application/json;q=0.9' },
  { accept: 'application/json, application/graphql-response+json' },
  { accept: 'application/json;q=0.5, application/graphql-response+json;q=0.5' },
  { accept: 'application/json;q=0' },
  { accept: 'text/html' },
  { accept: 'text/html, application/xhtml+xml, */*;q=0.8' },
  { accept: 'multipart/mixed; deferSpec=20220824, application/json' },
  { accept: 'application/json; callbackSpec=1.0' },
  { accept: 'application/*' },
  { accept: '' },
  { accept: ';;;,,,q=' },
  { 'content-type': 'application/json; charset=utf-8' },
  { 'content-type': 'APPLICATION/JSON;charset="UTF-8"' },
  { 'content-type': 'application/json; charset=latin1' },
  { 'content-type': 'application/json; profile=x' },
  { 'content-type': 'application/graphql' },
  { 'content-type': 'text/plain' },
  { 'content-type': 'multipart/form-data; boundary=x' },
  { 'content-encoding': 'gzip' },
  { 'content-encoding': 'identity' },
  { 'accept-language': 'kk' },
  { 'accept-language': 'ru;q=0.9, kk;q=2' },
  { 'accept-encoding': 'gzip, br' },
  { 'if-none-match': '*' },
  { range: 'bytes=0-1' },
  { connection: 'close' },
  { 'transfer-encoding': 'chunked' },
  { expect: '100-continue' },
  { 'x-http-method-override': 'GET' },
  { 'apollo-require-preflight': '1', 'x-apollo-operation-name': 'Q' },
  { 'x-forwarded-for': '10.0.0.1', 'x-request-id': '900101390012', cookie: 'a=b' },
  { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
  { 'tereze-purpose': 'x', 'tereze-case': 'y', authorization: 'Bearer x' },
  { 'x-long': 'a'.repeat(4_000) },
];

const BODIES: readonly (string | Buffer)[] = [
  `${KNOWN} `,
  `\ufeff${KNOWN}`,
  `${KNOWN}${KNOWN}`,
  `[${KNOWN}]`,
  '[]',
  'null',
  '"text"',
  '1',
  '',
  '{',
  `{"query":${json(PERSON)},"variables":{"id":"1","id":"2"}}`,
  `{"query":${json(PERSON)},"query":${json(TWO)},"variables":{"id":"1"}}`,
  `{"query":${json(PERSON)},"variables":{"id":12345678901234567890}}`,
  `{"query":${json(PERSON)},"variables":{"id":"1","where":{"since":1.0}}}`,
  `{"query":${json(PERSON)},"variables":{"id":"1","where":{"since":1e400}}}`,
  `{"query":${json(PERSON)},"variables":${'{"a":'.repeat(30)}1${'}'.repeat(30)}}`,
  json({ query: PERSON, variables: { id: 'x'.repeat(70_000) } }),
  json({ query: PERSON, variables: { id: '\ud800' } }),
  Buffer.concat([Buffer.from(KNOWN.slice(0, -1)), Buffer.from([0xff, 0x7d])]),
  gzipSync(KNOWN),
];

const ALL: readonly Asking[] = [
  ...QUESTIONS.flatMap((question) =>
    ['*/*', 'application/json', 'application/graphql-response+json'].map((accept) => ({
      body: json(question),
      headers: { accept },
    })),
  ),
  ...HEADERS.map((headers) => ({ body: KNOWN, headers })),
  ...BODIES.map((body) => ({ body })),
  ...['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'].map((method) => ({ body: KNOWN, method })),
  ...['/graphql?query={people{id}}', '/graphql/', '/GraphQL', '/graphql?', '/graphql#x'].map((path) => ({
    body: KNOWN,
    path,
  })),
];

describe('a text that was planned before', () => {
  let known: Way;
  let always: Way;
  before(async () => {
    [known, always] = await Promise.all([openWay(false), openWay(true)]);
  });
  after(() => Promise.all([known.close(), always.close()]));

  it('gets the same answers as one that is new, to the byte, with the same counts', async function () {
    this.timeout(60_000);
    expect(ALL.length).to.be.at.least(200);
    for (let pass = 0; pass < 2; pass += 1)
      for (const asking of ALL) for (const way of [known, always]) await way.ask(asking);
    known.answers.forEach((answer, at) => {
      const { body, ...asking } = ALL[at % ALL.length] as Asking;
      expect(answer, `${json(asking)} ${body.toString().slice(0, 300)}`).to.deep.equal(always.answers[at]);
    });
  });

  it('was hosted when it was new, and is hosted again only for another media type', () => {
    const second = (way: Way): readonly boolean[] => way.hosted.slice(ALL.length);
    const answered = ALL.flatMap((_, at) => (known.answers[at]?.text.startsWith('{"data"') === true ? [at] : []));
    expect(answered.length).to.be.greaterThan(50);
    for (const at of answered) expect(second(always)[at], String(at)).to.equal(true);
    const again = answered.filter((at) => second(known)[at]);
    expect(again.map((at) => (ALL[at]?.headers ?? {})['accept'])).to.deep.equal([
      'application/json, application/graphql-response+json',
      'application/json;q=0.5, application/graphql-response+json;q=0.5',
      'application/json; callbackSpec=1.0',
    ]);
  });
});
