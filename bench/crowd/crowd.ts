import { Agent, get, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { asker } from './asking.js';
import type { Party } from './issuer.js';

/**
 * The crowd, a process of its own: does one thing from many addresses until it is ended. Told
 * `CrowdWork`; reports `{ done }` when told `'stop'`.
 */

export type CrowdAct =
  | 'slow bodies'
  | 'slow headers'
  | 'anonymous POSTs'
  | 'health probes'
  | 'hanging questions'
  | 'refused questions'
  | 'refused questions about thirty';

export interface CrowdWork {
  readonly act: CrowdAct;
  readonly port: number;
  /** Addresses from which connections are made, in turn. */
  readonly from: readonly string[];
  /** Connections, or questions under way. */
  readonly count: number;
  /** Requests a second of all together; undefined: as many as the answers allow. */
  readonly perSecond: number | undefined;
  /** Whether one that is told `Retry-After` waits that long. */
  readonly keepsToRetryAfter: boolean;
  readonly party: Party;
  readonly iins: readonly string[];
}

export interface CrowdReport {
  /** What ended how often: a status, `closed`, or the code of a failure. */
  readonly done: Readonly<Record<string, number>>;
}

const done: Record<string, number> = {};
let isOver = false;

const count = (what: string | number): void => void (done[what] = (done[what] ?? 0) + 1);

process.on('message', (message: CrowdWork | 'stop') => {
  if (message === 'stop') {
    isOver = true;
    process.send?.({ done } satisfies CrowdReport, () => process.exit(0));
  } else begin(message);
});
process.once('disconnect', () => process.exit(0));

function begin(work: CrowdWork): void {
  const step = STEPS[work.act](work);
  for (let number = 0; number < work.count; number += 1) void keepOn(work, number, step);
}

/** Does it again and again, each of `count` at its turn of the whole rate. */
async function keepOn({ count: crowd, perSecond }: CrowdWork, number: number, step: Step): Promise<void> {
  const everyMs = perSecond === undefined ? 0 : (crowd * 1_000) / perSecond;
  let dueAt = performance.now() + (everyMs * number) / crowd;
  while (!isOver) {
    const wait = dueAt - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    dueAt = Math.max(dueAt + everyMs, performance.now());
    count(await step(number));
    // What is refused at once must not become a loop without an end.
    if (everyMs === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

type Step = (number: number) => Promise<string | number>;

const STEPS: Readonly<Record<CrowdAct, (work: CrowdWork) => Step>> = {
  'slow bodies': (work) => (number) =>
    trickling(
      work,
      number,
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{',
    ),
  'slow headers': (work) => (number) => trickling(work, number, 'POST /graphql HTTP/1.1\r\nHost: x\r\n'),
  'anonymous POSTs': (work) => {
    const agents = agentsOf(work, work.count);
    return (number) => posted(work, number, agents);
  },
  'health probes': (work) => {
    const agents = agentsOf(work, work.count);
    return (number) => probed(work, number, agents);
  },
  'hanging questions': (work) =>
    asking(work, (number) => ({ documentId: 'Archive', variables: { iin: personOf(work, number) } })),
  'refused questions': (work) =>
    asking(work, (number) => ({
      query: 'query One($iin: Iin!) { citizen(iin: $iin) { iin name } }',
      variables: { iin: personOf(work, number) },
    })),
  'refused questions about thirty': (work) => asking(work, (number) => aboutThirty(work, number)),
};

/** Asks as one caller. */
function asking(work: CrowdWork, bodyOf: (number: number) => object): Step {
  const agent = new Agent({ keepAlive: true, maxSockets: work.count });
  const ask = asker(work.party, work.port);
  return async (number) => {
    const target = { port: work.port, from: fromOf(work, number), agent };
    const { ended, text, retryAfterS } = await ask(JSON.stringify(bodyOf(number)), target);
    if (work.keepsToRetryAfter && retryAfterS !== undefined)
      await new Promise((resolve) => setTimeout(resolve, retryAfterS * 1_000));
    const [, code] = /"code":"([A-Z_]+)"/.exec(text) ?? [];
    return code === undefined ? ended : `${ended} ${code}`;
  };
}

/** As many people as a document may ask about at once. */
const THIRTY = Array.from({ length: 30 }, (_, position) => position);

function aboutThirty(work: CrowdWork, number: number): object {
  const fields = THIRTY.map((position) => `a${position}: citizen(iin: $v${position}) { iin name }`);
  return {
    query: `query Thirty(${THIRTY.map((position) => `$v${position}: Iin!`).join(' ')}) { ${fields.join(' ')} }`,
    variables: Object.fromEntries(THIRTY.map((position) => [`v${position}`, personOf(work, number + position)])),
  };
}

const personOf = ({ iins }: CrowdWork, number: number): string | undefined => iins[number % iins.length];

const fromOf = ({ from }: CrowdWork, number: number): string => from[number % from.length] ?? '127.0.0.3';

function agentsOf({ from }: CrowdWork, connections: number): Map<string, Agent> {
  const maxSockets = Math.ceil(connections / from.length);
  return new Map(from.map((address) => [address, new Agent({ keepAlive: true, maxSockets })]));
}

/** A connection that sends its beginning, then a byte every two seconds, until the other side ends it. */
function trickling(work: CrowdWork, number: number, beginning: string): Promise<string> {
  return new Promise((resolve) => {
    const socket: Socket = connect({ port: work.port, host: '127.0.0.1', localAddress: fromOf(work, number) });
    let ended = 'closed';
    const timer = setInterval(() => socket.write('x'), 2_000);
    socket.once('connect', () => socket.write(beginning));
    socket.on('data', (chunk: Buffer) => (ended = /^HTTP\/1\.1 (\d+)/.exec(chunk.toString('latin1'))?.[1] ?? ended));
    socket.on('error', (error: NodeJS.ErrnoException) => (ended = error.code ?? ended));
    socket.once('close', () => {
      clearInterval(timer);
      resolve(ended);
    });
  });
}

function posted(work: CrowdWork, number: number, agents: Map<string, Agent>): Promise<string | number> {
  const from = fromOf(work, number);
  const agent = agents.get(from);
  return new Promise((resolve) => {
    const asked = request({
      port: work.port,
      host: '127.0.0.1',
      localAddress: from,
      agent,
      method: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'application/json', 'content-length': 2 },
    });
    asked.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'ERROR'));
    asked.once('response', (response) => {
      response.resume();
      response.once('close', () => resolve(response.statusCode ?? 0));
    });
    asked.end('{}');
  });
}

function probed(work: CrowdWork, number: number, agents: Map<string, Agent>): Promise<string | number> {
  const from = fromOf(work, number);
  const agent = agents.get(from);
  return new Promise((resolve) => {
    const asked = get(
      {
        port: work.port,
        host: '127.0.0.1',
        localAddress: from,
        agent,
        path: number % 2 === 0 ? '/health/live' : '/health/ready',
      },
      (response) => {
        response.resume();
        response.once('close', () => resolve(response.statusCode ?? 0));
      },
    );
    asked.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'ERROR'));
  });
}
