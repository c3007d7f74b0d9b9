import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import { startCountry, type RunningCountry } from '../../demo/start.js';
import { accessForSystem, type Access } from '../../gateway/cli/client/access.js';
import { readProfile } from '../../gateway/cli/client/profile.js';
import { startEmbedded } from '../../gateway/state/embedded/server.js';
import { createSql } from '../../gateway/state/pool.js';
import { createAuditReader } from '../../monitoring/audit/reader.js';
import { copyCountry, copyState } from '../made-once.js';
import { runTereze, type Program } from './program.js';

const { applicant, caseNumber } = HOUSING_FAMILY;
const LOOPS = 6;
const IDLE = 6;

/** How one request of a loop ended: with a status, or without an answer. */
interface Ending {
  readonly ended: number | string;
  readonly connection?: string | undefined;
}

describe('a gateway that is told to end while it is asked', function () {
  this.timeout(90_000);
  let directory: string;
  let country: RunningCountry;
  let gateway: Program;
  let url: URL;
  let operationsUrl: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tereze-drained-'));
    await copyCountry(directory);
    await copyState(join(directory, 'state'));
    country = await startCountry({ directory, ports: 'free' });
    gateway = runTereze(['serve', '--json', '--config', country.config]);
    const ready = await gateway.ready<{ url: string; operationsUrl: string }>();
    url = new URL(ready.url);
    ({ operationsUrl } = ready);
  });
  after(async () => {
    gateway.child.kill('SIGKILL');
    await country.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('answers every request that reached it, ends every connection with an answer or in quiet, and loses no count', async () => {
    const access = await accessForSystem(await readProfile('housing', country.clients), {
      purpose: 'housing_queue',
      case: { agency: 'housing', number: caseNumber },
    });
    const idle = Array.from({ length: IDLE }, () => idleConnection(url));
    await Promise.all(idle.map(({ answered }) => answered));
    expect((await fetch(`${operationsUrl}/health/ready`)).status).to.equal(200);

    // As callers behind a balancer, which turns to another replica once this one is not ready.
    let isReady = true;
    const anonymous = Array.from({ length: LOOPS }, () => anonymousLoop(url, () => isReady));
    const known = knownLoop(access, () => isReady);
    await sleep(300);
    gateway.child.kill('SIGTERM');
    while ((await fetch(`${operationsUrl}/health/ready`)).status === 200) await sleep(20);
    isReady = false;
    const endings = (await Promise.all(anonymous)).flat();
    expect(await gateway.exit).to.equal(0);

    expect(kinds(endings.map(({ ended }) => ended)), 'no reset, and no end without an answer').to.deep.equal(['401']);
    for (const loop of await Promise.all(anonymous)) expect(loop.at(-1)?.connection).to.equal('close');
    expect(await Promise.all(idle.map(({ ended }) => ended))).to.deep.equal(Array(IDLE).fill('ended'));
    expect(kinds(await known)).to.deep.equal(['200']);
    expect(kinds([(await ask(url, new Agent())).ended]), 'it listens no longer').to.deep.equal(['ECONNREFUSED']);

    const refused = endings.length + IDLE;
    expect(await countedRefusals()).to.equal(refused);
  });

  async function countedRefusals(): Promise<number> {
    const server = await startEmbedded({ directory: join(directory, 'state') });
    const sql = createSql({ connection: server.runtime, maxConnections: 1 });
    try {
      const entries = await createAuditReader(sql).list({ kind: 'refusals', limit: 1_000 });
      return entries.reduce((sum, { body }) => sum + (body.kind === 'refusals' ? body.count : 0), 0);
    } finally {
      await sql.close();
      await server.stop();
    }
  }

  /** Asks again and again with a token. Rejects if one question gets no answer. */
  async function knownLoop(access: Access, goesOn: () => boolean): Promise<readonly number[]> {
    const statuses: number[] = [];
    while (goesOn()) {
      const { status } = await access.send('POST', '/graphql', {
        documentId: 'HousingQueue',
        variables: { iin: applicant.iin },
      });
      statuses.push(status);
    }
    return statuses;
  }
});

/** Asks without a token, again and again over a kept connection: while it shall go on, and as long as the connection is kept. */
async function anonymousLoop(url: URL, goesOn: () => boolean): Promise<readonly Ending[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const endings: Ending[] = [];
  do endings.push(await ask(url, agent));
  while (typeof endings.at(-1)?.ended === 'number' && (goesOn() || endings.at(-1)?.connection !== 'close'));
  agent.destroy();
  return endings;
}

function ask(url: URL, agent: Agent): Promise<Ending> {
  return new Promise((resolve) => {
    const asked = request(
      new URL('/graphql', url),
      { agent, method: 'POST', headers: { 'content-type': 'application/json', 'content-length': 2 } },
      (response) => {
        response.resume();
        response.once('end', () =>
          resolve({ ended: response.statusCode ?? 0, connection: response.headers.connection }),
        );
        response.once('error', (error) => resolve({ ended: codeOf(error) }));
      },
    );
    asked.once('error', (error) => resolve({ ended: codeOf(error) }));
    asked.end('{}');
  });
}

/** A connection that asked once and is kept: whether it is ended in order or reset. */
function idleConnection(url: URL): { readonly answered: Promise<void>; readonly ended: Promise<'ended' | 'reset'> } {
  const socket = connect(Number(url.port), url.hostname, () =>
    socket.write(
      `POST /graphql HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`,
    ),
  );
  return {
    answered: new Promise((resolve) => socket.once('data', () => resolve())),
    ended: new Promise((resolve) => {
      socket.once('end', () => resolve('ended')).once('error', () => resolve('reset'));
    }),
  };
}

/** What there is in a list, each once. */
function kinds(list: readonly unknown[]): readonly string[] {
  return [...new Set(list.map(String))].sort();
}

/** The code of a failure, or of what caused it. */
function codeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) if ('code' in at) return String(at.code);
  return String(error);
}
