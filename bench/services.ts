import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Access } from '../gateway/cli/client/access.js';
import { accessOfClient } from '../gateway/cli/client/access-of-client.js';
import { accessForCitizen } from '../gateway/cli/client/citizen-sign-in.js';
import { accessRequest } from '../gateway/cli/options.js';
import { readProfile } from '../gateway/cli/client/profile.js';
import { packageRoot } from '../gateway/state/package-root.js';
import { loadDocuments, type RegisteredDocument } from '../schemas/operations/load-documents.js';
import { startDemo } from './demo.js';
import { figures, timed, type Ask } from './figures.js';

/**
 * Every service at one connection: p50 and p99, and the calls that the registers counted. Then again
 * while one register hangs: what it costs the services that need it, and those that do not.
 * `npm run bench:services`
 */

const PER_ROUND = Number(process.env['PER_ROUND'] ?? 60);
const ROUNDS = Number(process.env['ROUNDS'] ?? 5);
const WARM_UP = 20;
const HANGING = process.env['HANGING'] ?? 'property';
/** While a register hangs each question that needs it waits: a few are enough. */
const WHILE_HANGING = 12;

interface Service {
  readonly name: string;
  ask: Ask;
  refresh(): Promise<void>;
}

async function main(): Promise<void> {
  const demo = await startDemo();
  try {
    const clients = join(demo.directory, 'demo', 'clients');
    const controls = JSON.parse(readFileSync(join(demo.directory, 'demo', 'controls.json'), 'utf8')) as Readonly<
      Record<string, string>
    >;
    const documents = loadDocuments(join(packageRoot(), 'schemas', 'operations')).all;
    const services = await Promise.all(documents.map((document) => serviceOf(document, clients)));
    for (const { ask } of services) await timed(ask, WARM_UP);
    await measureAll(services, controls);
    await measureHanging(services, controls);
  } finally {
    await demo.stop();
  }
}

async function serviceOf({ name, example = '' }: RegisteredDocument, clients: string): Promise<Service> {
  const after = (option: string): readonly string[] =>
    example.split(' ').flatMap((word, at, words) => (word === option ? (words[at + 1] ?? []) : []));
  const [client] = after('--as');
  const [citizen] = after('--as-citizen');
  const [matter] = after('--case');
  const open = async (): Promise<Access> => {
    if (citizen !== undefined) return accessForCitizen(await readProfile('citizen-window', clients), citizen);
    const profile = await readProfile(client ?? '', clients);
    return accessOfClient(profile, accessRequest(profile, { case: matter }), { directory: clients });
  };
  const variables = Object.fromEntries(after('--var').map((pair) => pair.split('=', 2) as [string, string]));
  if (variables['person'] === 'HANDLE') variables['person'] = await handleFor(clients, matter ?? '');
  let access = await open();
  return {
    name,
    ask: async () => {
      const { status } = await access.send('POST', '/graphql', { documentId: name, variables });
      if (status !== 200) throw new Error(`${name}: HTTP ${status}`);
    },
    refresh: async () => {
      access = await open();
    },
  };
}

/** For the person behind the demo's appeal. */
async function handleFor(clients: string, matter: string): Promise<string> {
  const profile = await readProfile('appeals', clients);
  const access = await accessOfClient(profile, accessRequest(profile, { case: matter }), { directory: clients });
  const { text } = await access.send('POST', '/handles', { iin: APPELLANT, for: 'appeals-ai' });
  return (JSON.parse(text) as { data: { handle: string } }).data.handle;
}

const APPELLANT = '790227493023';

async function measureAll(services: readonly Service[], controls: Readonly<Record<string, string>>): Promise<void> {
  const taken = new Map<string, number[]>(services.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { name, ask, refresh } of services) {
      await refresh();
      taken.get(name)?.push(...(await timed(ask, PER_ROUND)));
    }
  }
  console.log(
    `One connection, ${ROUNDS} interleaved rounds of ${PER_ROUND}; register calls of one question (property counts statements)`,
  );
  for (const { name, ask } of services) {
    const { p50, p99 } = figures(taken.get(name) ?? []);
    console.log(
      `${name.padEnd(18)} p50 ${p50.toFixed(1).padStart(6)} ms   p99 ${p99.toFixed(1).padStart(6)} ms   ${await callsOf(ask, controls)}`,
    );
  }
}

async function callsOf(ask: Ask, controls: Readonly<Record<string, string>>): Promise<string> {
  const registers = Object.entries(controls).filter(([name]) => name !== 'agencies');
  await Promise.all(registers.map(([, url]) => fetch(`${url}/__reset`, { method: 'POST' })));
  await ask();
  const counted = await Promise.all(
    registers.map(
      async ([name, url]) =>
        [name, ((await (await fetch(`${url}/__stats`)).json()) as { calls: number }).calls] as const,
    ),
  );
  const made = counted.filter(([, calls]) => calls > 0);
  return `${made.reduce((sum, [, calls]) => sum + calls, 0)} calls: ${made.map(([name, calls]) => `${name} ${calls}`).join(', ')}`;
}

async function measureHanging(services: readonly Service[], controls: Readonly<Record<string, string>>): Promise<void> {
  const tell = (mode: string): Promise<Response> =>
    fetch(`${controls[HANGING] ?? ''}/__fault`, { method: 'POST', body: JSON.stringify({ mode }) });
  await tell('hang');
  console.log(`While ${HANGING} hangs (${WHILE_HANGING} questions each; it is left alone once its breaker is open)`);
  for (const { name, ask, refresh } of services) {
    await refresh();
    const taken = await timed(ask, WHILE_HANGING);
    const { p50, p99 } = figures(taken);
    console.log(`${name.padEnd(18)} p50 ${p50.toFixed(1).padStart(6)} ms   longest ${p99.toFixed(1).padStart(6)} ms`);
  }
  await tell('off');
}

await main();
