import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { asker, type Target } from './asking.js';
import type { Party } from './issuer.js';

/**
 * The legitimate caller, a process of its own: asks at a steady rate, whether answers come or not, from
 * one address. Told `{ party, port, from, perSecond, seconds, iins }`, reports `{ taken, failed }`.
 */

export interface SteadyWork {
  readonly party: Party;
  readonly port: number;
  readonly from: string;
  readonly perSecond: number;
  readonly seconds: number;
  readonly iins: readonly string[];
}

export interface SteadyReport {
  /** Milliseconds from the moment at which a request was due until its whole answer had come. */
  readonly taken: readonly number[];
  /** Requests that were not answered with data, by status and code, or failure. */
  readonly failed: Readonly<Record<string, number>>;
}

process.on('message', (work: SteadyWork) => {
  void measure(work).then((report) => process.send?.(report));
});
process.once('disconnect', () => process.exit(0));

async function measure({ party, port, from, perSecond, seconds, iins }: SteadyWork): Promise<SteadyReport> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64, scheduling: 'lifo' });
  const ask = asker(party, port);
  const target: Target = { port, from, agent };
  const taken: number[] = [];
  const failed: Record<string, number> = {};
  const asked: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let number = 0; number < perSecond * seconds; number += 1) {
    const dueAt = startedAt + (number * 1_000) / perSecond;
    const wait = dueAt - performance.now();
    if (wait > 1) await sleep(wait);
    const body = JSON.stringify({ documentId: 'OnePerson', variables: { iin: iins[number % iins.length] } });
    asked.push(
      ask(body, target).then(({ ended, text }) => {
        taken.push(performance.now() - dueAt);
        if (ended === 200 && text.includes('"name":"Aigerim Bekova"')) return;
        const [, code] = /"code":"([A-Z_]+)"/.exec(text) ?? [];
        const how = code === undefined ? String(ended) : `${ended} ${code}`;
        failed[how] = (failed[how] ?? 0) + 1;
      }),
    );
  }
  await Promise.all(asked);
  agent.destroy();
  return { taken, failed };
}
