import { createPrivateKey, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { parse } from 'yaml';
import { accessForSystem, type Access } from '../gateway/cli/client/access.js';
import { readProfile } from '../gateway/cli/client/profile.js';
import { packageRoot } from '../gateway/state/package-root.js';
import { createJsonClient, type JsonClient } from '../adapters/http/post-json.js';
import { createTextClient } from '../adapters/http/post-text.js';
import { escapeXml } from '../adapters/soap/xml/escape.js';
import { SHEP_TYPES, SOAP } from '../adapters/soap/xml/namespaces.js';
import { createSigner } from '../adapters/soap/signing/signer.js';
import type { SoapSource } from '../adapters/soap/source/source.js';
import { readSource } from '../adapters/source-file.js';
import type { Clock } from '../schemas/ports/clock.js';
import { systemClock } from '../gateway/compose/clock.js';
import { BASE_PORT, startDemo } from './demo.js';
import { figures, percentile, timed, type Ask, type Figures } from './figures.js';
import { createHttpClient } from '../gateway/compose/http-client.js';

/**
 * HousingQueue at one connection, against the same reads made by hand: the calls that the plan makes,
 * with no gateway between. Interleaved rounds; prints p50 and p99 of both, their ratio, and the calls
 * that the registers counted. `npm run bench:housing-queue`
 */

const ROUNDS = Number(process.env['ROUNDS'] ?? 10);
const PER_ROUND = Number(process.env['PER_ROUND'] ?? 50);
const WARM_UP = 50;
const CASE = 'HQ-2026-000101';
/** The applicant of that case in the demo country, and the family. */
const APPLICANT = '880514391012';

async function throughGateway(directory: string): Promise<{ ask: Ask; refresh: () => Promise<void> }> {
  const profile = await readProfile('housing', join(directory, 'demo', 'clients'));
  const request = { purpose: 'housing_queue', case: { agency: 'housing', number: CASE } };
  let access: Access = await accessForSystem(profile, request);
  const ask = async (): Promise<void> => {
    const { status, text } = await access.send('POST', '/graphql', {
      documentId: 'HousingQueue',
      variables: { iin: APPLICANT },
    });
    const { data } = JSON.parse(text) as { data?: { citizen?: { children?: unknown[] } } };
    if (status !== 200 || data?.citizen?.children?.length !== 2) throw new Error(`a wrong answer (HTTP ${status})`);
  };
  return {
    ask,
    refresh: async () => {
      access = await accessForSystem(profile, request);
    },
  };
}

interface RegistersConfig {
  readonly registers: {
    readonly population: {
      readonly url: string;
      readonly sender_id: string;
      readonly password_file: string;
      readonly key_file: string;
    };
    readonly 'civil-acts': { readonly url: string; readonly api_key_file: string };
    readonly address: { readonly url: string; readonly token_file: string };
    readonly property: {
      readonly host: string;
      readonly port: number;
      readonly database: string;
      readonly user: string;
      readonly password_file: string;
    };
  };
}

/**
 * The same reads by hand: two of population, one of civil acts, one of address, the children's property.
 * The population register takes signed messages only, so these are signed; its own signatures are not
 * verified, and its answers are not read.
 */
function byHand(directory: string): { ask: Ask; close: () => Promise<void> } {
  const { registers } = parse(readFileSync(join(directory, 'demo', 'tereze.yaml'), 'utf8')) as RegistersConfig;
  const clock = systemClock({ timeZone: 'Asia/Almaty' });
  const client = (register: string, headers: Record<string, string>): JsonClient =>
    createJsonClient({
      register,
      headers,
      clock,
      connections: createHttpClient().open({ maxConnections: 8 }),
      maxResponseBytes: 5_000_000,
    });
  const population = populationByHand(registers.population, clock);
  const civilActs = client('civil-acts', {
    'X-Api-Key': readFileSync(registers['civil-acts'].api_key_file, 'utf8').trim(),
  });
  const address = client('address', {
    Authorization: `Bearer ${readFileSync(registers.address.token_file, 'utf8').trim()}`,
  });
  const { password_file: passwordFile, ...place } = registers.property;
  const pool = new pg.Pool({ ...place, password: readFileSync(passwordFile, 'utf8').trim(), max: 4 });
  const post = async (to: JsonClient, url: string, body: unknown): Promise<unknown> =>
    (await to.post({ url: new URL(url), body, requestId: 'bench', message, deadline: clock.monotonic() + 5_000 })).body;

  const ask = async (): Promise<void> => {
    const [, acts] = await Promise.all([
      population.ask([APPLICANT]),
      post(civilActs, `${registers['civil-acts'].url}/api/v1/acts/read`, { iin: APPLICANT }),
    ]);
    const { spouse_iin: spouse, children_iins: children } = (
      acts as { family: { spouse_iin: string; children_iins: string[] } }
    ).family;
    await population.ask([spouse, ...children]);
    const representations = [APPLICANT, spouse, ...children].map((iin) => ({ __typename: 'Citizen', iin }));
    const registration = '{ region city street house flat kind registeredOn }';
    const query = `query($r: [_Any!]!) { _entities(representations: $r) { ... on Citizen { registration ${registration} formerRegistrations ${registration} } } }`;
    const statements = ['obj_zu', 'obj_ok', 'avto'].map((table) =>
      pool.query(`SELECT * FROM ${table} WHERE vl_iin = ANY ($1::bpchar[])`, [children]),
    );
    await Promise.all([
      post(address, registers.address.url, { query, variables: { r: representations } }),
      ...statements,
    ]);
  };
  return {
    ask,
    close: async () => {
      population.close();
      civilActs.close();
      address.close();
      await pool.end();
    },
  };
}

/** A message that no record counts. */
const message = { id: 'bench', recordSent: () => undefined, recordAnswered: () => undefined };

interface PopulationByHand {
  ask(iins: readonly string[]): Promise<string>;
  close(): void;
}

function populationByHand(
  { url, sender_id: id, password_file: passwordFile, key_file: keyFile }: RegistersConfig['registers']['population'],
  clock: Clock,
): PopulationByHand {
  const source = readSource(join(packageRoot(), 'schemas', 'registers', 'population', 'source.yaml'));
  if (source.protocol !== 'soap') throw new Error('the population register is not spoken to in SOAP');
  const sender = { id, password: readFileSync(passwordFile, 'utf8').trim() };
  const signer = createSigner({ key: createPrivateKey(readFileSync(keyFile)), clock });
  const headers = { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: '"SendMessage"' };
  const client = createTextClient({
    register: 'population',
    headers,
    clock,
    connections: createHttpClient().open({ maxConnections: 8 }),
    maxResponseBytes: 5_000_000,
    content: { mediaTypes: /./ },
  });
  return {
    ask: async (keys) => {
      const text = await signer.sign(sendMessage(source, sender, clock.now(), keys));
      return (
        await client.post({ url: new URL(url), text, requestId: 'bench', message, deadline: clock.monotonic() + 5_000 })
      ).text;
    },
    close: () => client.close(),
  };
}

function sendMessage(
  { service_id: serviceId = '', namespace = '', request }: SoapSource,
  { id, password }: { readonly id: string; readonly password: string },
  at: Date,
  keys: readonly string[],
): string {
  const { element = '', key = '' } = request ?? {};
  const info = `<messageId>${randomUUID()}</messageId><serviceId>${serviceId}</serviceId><messageDate>${at.toISOString()}</messageDate><sender><senderId>${id}</senderId><password>${escapeXml(password)}</password></sender>`;
  const asked = keys.map((iin) => `<q:${key}>${escapeXml(iin)}</q:${key}>`).join('');
  const data = `<q:${element} xmlns:q="${namespace}">${asked}</q:${element}>`;
  return `<soap:Envelope xmlns:soap="${SOAP}"><soap:Body><typ:SendMessage xmlns:typ="${SHEP_TYPES}"><request><requestInfo>${info}</requestInfo><requestData><data>${data}</data></requestData></request></typ:SendMessage></soap:Body></soap:Envelope>`;
}

async function countedCalls(): Promise<number> {
  const controls = [1, 3, 5, 11].map((offset) => `http://127.0.0.1:${BASE_PORT + offset}/__stats`);
  const stats = await Promise.all(
    controls.map(async (url) => ((await (await fetch(url)).json()) as { calls: number }).calls),
  );
  return stats.reduce((sum, calls) => sum + calls, 0);
}

async function measure(directory: string): Promise<void> {
  const gateway = await throughGateway(directory);
  const hand = byHand(directory);
  await timed(gateway.ask, WARM_UP);
  await timed(hand.ask, WARM_UP);
  const before = await countedCalls();
  await gateway.ask();
  const calls = (await countedCalls()) - before;
  const rounds: { gateway: Figures; hand: Figures }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await gateway.refresh();
    rounds.push({
      gateway: figures(await timed(gateway.ask, PER_ROUND)),
      hand: figures(await timed(hand.ask, PER_ROUND)),
    });
  }
  await hand.close();
  report(rounds, calls);
}

function report(rounds: readonly { gateway: Figures; hand: Figures }[], calls: number): void {
  const median = (values: readonly number[]): number =>
    percentile(
      [...values].sort((one, other) => one - other),
      0.5,
    );
  const row = (name: string, pick: (round: (typeof rounds)[number]) => Figures): string =>
    `${name.padEnd(24)} p50 ${median(rounds.map((round) => pick(round).p50)).toFixed(2)} ms   p99 ${median(rounds.map((round) => pick(round).p99)).toFixed(2)} ms`;
  const ratio = median(rounds.map((round) => round.gateway.p50 / round.hand.p50));
  console.log(`HousingQueue, one connection, ${ROUNDS} interleaved rounds of ${PER_ROUND} (medians over rounds)`);
  console.log(row('through Tereze', (round) => round.gateway));
  console.log(row('the same reads by hand', (round) => round.hand));
  console.log(`ratio of p50             ${ratio.toFixed(2)}`);
  console.log(`register calls counted by the registers for one question: ${calls} (SQL statements counted one by one)`);
}

const demo = await startDemo();
try {
  await measure(demo.directory);
} finally {
  await demo.stop();
}
