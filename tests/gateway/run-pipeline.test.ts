import { expect } from 'chai';
import type { Received, Recorded, Reached } from '../../gateway/request.js';
import { isRecorded, PipelineRun, type Surface } from '../../gateway/run-pipeline.js';
import { Refusal } from '../../schemas/refusal.js';
import { listeningObserver, silentObserver, standingClock } from '../doubles.js';

interface Step {
  readonly stage: string;
  readonly code?: string;
}

const received = { signal: new AbortController().signal, requestId: 'r-1' } as unknown as Received;

/** A surface that notes which stages ran and fails where it is told to. */
function surfaceFailingAt(
  failing: string | undefined,
  failure: Error,
  steps: Step[],
): Surface<unknown, unknown, unknown> {
  const stage =
    (name: string, adds: object) =>
    async (request: object): Promise<never> => {
      steps.push({ stage: name });
      if (name === failing) throw failure;
      return { ...request, ...adds } as never;
    };
  return {
    authenticate: stage('authenticate', { caller: {} }),
    plan: stage('plan', { question: {} }),
    authorize: stage('authorize', { allowed: {} }),
    intend: stage('intend', { intent: {} }),
    execute: stage('execute', { outcome: {} }),
    record: async () => {
      steps.push({ stage: 'record' });
      if (failing === 'record') throw failure;
      return { requestId: 'r-1', result: { data: 1 }, receipt: undefined, refusal: undefined, report: undefined };
    },
    refuse: async (reached: Reached, refusal: Refusal): Promise<Recorded> => {
      steps.push({ stage: `refuse:${Object.keys(reached).at(-1)}`, code: refusal.code });
      return { requestId: 'r-1', result: { errors: [] }, receipt: undefined, refusal, report: undefined };
    },
  };
}

const runWith = (steps: Step[], failing?: string, failure: Error = new Refusal('POLICY_DENIED')) =>
  new PipelineRun(surfaceFailingAt(failing, failure, steps), { clock: standingClock(), observer: silentObserver() });

describe('PipelineRun', () => {
  it('takes a request through every stage in order', async () => {
    const steps: Step[] = [];
    const recorded = await runWith(steps).run(received);
    expect(steps.map(({ stage }) => stage)).to.deep.equal([
      'authenticate',
      'plan',
      'authorize',
      'intend',
      'execute',
      'record',
    ]);
    expect(recorded.result).to.deep.equal({ data: 1 });
  });

  const ends = [
    ['authenticate', 'refuse:requestId'],
    ['plan', 'refuse:caller'],
    ['authorize', 'refuse:question'],
    ['intend', 'refuse:allowed'],
    ['execute', 'refuse:intent'],
    ['record', 'refuse:intent'],
  ] as const;
  for (const [failing, refusedWith] of ends) {
    it(`ends at ${failing} with a refusal that knows how far the request came`, async () => {
      const steps: Step[] = [];
      const recorded = await runWith(steps, failing).run(received);
      expect(steps.at(-1)).to.deep.equal({ stage: refusedWith, code: 'POLICY_DENIED' });
      expect(steps.at(-2)?.stage).to.equal(failing);
      expect(recorded.refusal?.code).to.equal('POLICY_DENIED');
    });
  }

  it('turns any other failure into a refusal that says nothing of it', async () => {
    const steps: Step[] = [];
    const recorded = await runWith(steps, 'execute', new Error('secret detail')).run(received);
    expect(recorded.refusal?.code).to.equal('INTERNAL_SERVER_ERROR');
    expect(JSON.stringify(recorded.refusal?.message)).to.not.include('secret');
  });

  it('logs a failure with where it arose, and a client that went away as no failure', async () => {
    const observer = listeningObserver();
    const run = new PipelineRun(surfaceFailingAt('execute', new Error('secret detail'), []), {
      clock: standingClock(),
      observer,
    });
    expect((await run.run(received)).refusal?.code).to.equal('INTERNAL_SERVER_ERROR');
    expect((await run.run({ ...received, signal: AbortSignal.abort() })).refusal?.code).to.equal('CLIENT_GONE');
    expect(observer.lines.map(({ level, event }) => `${level} ${event}`)).to.deep.equal([
      'error request_failed',
      'info client_gone',
    ]);
    expect(JSON.stringify(observer.lines)).not.to.include('secret');
  });

  it('stops after planning when only prepared', async () => {
    const steps: Step[] = [];
    const prepared = await runWith(steps).prepare(received);
    expect(isRecorded(prepared)).to.equal(false);
    expect(steps.map(({ stage }) => stage)).to.deep.equal(['authenticate', 'plan']);
  });
});
