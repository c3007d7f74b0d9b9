import { expect } from 'chai';
import type { Admitted, Authenticated, Planned, Received } from '../../gateway/request.js';
import { ProofEnd, RequestProof } from '../../gateway/request-proof.js';
import { createPipelineRun, isRecorded, Rows, type Pipeline } from '../../gateway/run-pipeline.js';
import { Turns } from '../../gateway/turns.js';
import type { Observer } from '../../schemas/ports/observer.js';
import { Refusal } from '../../schemas/refusal.js';
import { listeningObserver, silentObserver, standingClock } from '../doubles.js';
import { received as receivedRequest } from './stages/requests.js';

interface Step {
  readonly stage: string;
  readonly code?: string;
}

const received: Received = (({ requestId, ...rest }) => ({ ...rest, requestId }))(receivedRequest());

const IDENTITY = {
  purpose: 'p',
  case: undefined,
  token: { issuer: '', idHash: '', acr: undefined },
  proof: RequestProof.notNeeded(),
  caller: { system: 's', kind: 'system', assurance: 'none' },
} as const;
const NAMED = { numbers: [], handles: [] };
const ADMITTED = { body: {}, claimant: { caller: 's', weight: 1 } } as const;
const QUESTION = {
  surface: 'graphql',
  purpose: 'p',
  case: null,
  documentHash: null,
  documentName: null,
  operationName: null,
} as const;

interface Surfaces {
  readonly graphql: {
    readonly work: string;
    readonly allowed: string;
    readonly outcome: string;
    readonly needs: object;
  };
}

/** A pipeline of one surface that notes which stages ran, and fails where it is told to. */
function pipelineFailingAt(failing: string | undefined, failure: Error, steps: Step[]): Pipeline<Surfaces> {
  const stage =
    <In extends object, Added extends object>(name: string, added: Added) =>
    async (request: In): Promise<In & Added> => {
      steps.push({ stage: name });
      if (name === failing) throw failure;
      return { ...request, ...added };
    };
  const intent = { log: 'l', index: 0, leafHash: '' };
  return {
    prepare: Rows.start<Surfaces, 'receive'>()
      .stage('authenticate', { graphql: stage<Received, typeof IDENTITY>('authenticate', IDENTITY) })
      .stage('admit', { graphql: stage('admit', ADMITTED) })
      .stage('plan', { graphql: stage('plan', { work: 'work', named: NAMED, question: QUESTION }) }),
    finish: Rows.start<Surfaces, 'plan'>()
      .stage('authorize', { graphql: stage('authorize', { subjects: [], allowed: 'allowed' }) })
      .stage('intend', { graphql: stage('intend', { proofEnd: ProofEnd.none, intent }) })
      .stage('execute', { graphql: stage('execute', { outcome: 'outcome' }) })
      .stage('record', {
        graphql: async () => {
          steps.push({ stage: 'record' });
          if (failing === 'record') throw failure;
          return {
            requestId: 'r-1',
            proofEnd: ProofEnd.none,
            result: { data: 1 },
            receipt: undefined,
            refusal: undefined,
            report: undefined,
          };
        },
      }),
    refuse: {
      graphql: async (reached, refusal) => {
        steps.push({ stage: `refuse:${Object.keys(reached).at(-1)}`, code: refusal.code });
        return {
          requestId: 'r-1',
          proofEnd: ProofEnd.none,
          result: { errors: [] },
          receipt: undefined,
          refusal,
          report: undefined,
        };
      },
    },
  };
}

const runOf = (pipeline: Pipeline<Surfaces>, observer: Observer = silentObserver()) =>
  createPipelineRun(pipeline, 'graphql', {}, { turns: new Turns(), clock: standingClock(), observer });
const runWith = (steps: Step[], failing?: string, failure: Error = new Refusal('POLICY_DENIED')) =>
  runOf(pipelineFailingAt(failing, failure, steps));

describe('PipelineRun', () => {
  it('takes a request through every stage in order', async () => {
    const steps: Step[] = [];
    const recorded = await runWith(steps).run(received);
    expect(steps.map(({ stage }) => stage)).to.deep.equal([
      'authenticate',
      'admit',
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
    ['admit', 'refuse:caller'],
    ['plan', 'refuse:claimant'],
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
    const run = runOf(pipelineFailingAt('execute', new Error('secret detail'), []), observer);
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
    expect(steps.map(({ stage }) => stage)).to.deep.equal(['authenticate', 'admit', 'plan']);
  });

  it('runs the rows in the order in which they were added, and no row that does not fit the one before', async () => {
    const authenticate = async (request: Received): Promise<Authenticated> => ({ ...request, ...IDENTITY });
    const admit = async (request: Authenticated): Promise<Admitted> => ({ ...request, ...ADMITTED });
    const plan = async (request: Admitted): Promise<Planned<string>> => ({
      ...request,
      work: request.caller.system,
      question: QUESTION,
      named: NAMED,
    });
    const start = Rows.start<Surfaces, 'receive'>();
    // @ts-expect-error: plan takes an authenticated request.
    start.stage('plan', { graphql: plan });
    // @ts-expect-error: every surface has a cell in every row.
    start.stage('authenticate', {});
    const observer = listeningObserver();
    const timed: unknown[] = [];
    observer.duration = (_name, _seconds, labels) => void timed.push(labels?.['stage']);
    const prepare = start
      .stage('authenticate', { graphql: authenticate })
      .stage('admit', { graphql: admit })
      .stage('plan', { graphql: plan });
    const run = runOf({ ...pipelineFailingAt(undefined, new Error(), []), prepare }, observer);
    expect(await run.prepare(received)).to.include({ work: 's' });
    expect(timed).to.deep.equal(['authenticate', 'admit', 'plan']);
  });
});
