import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { startCountry, type RunningCountry } from '../../../demo/start.js';
import { FLOOD_RETRY_AFTER_SECONDS, type FaultMode } from '../../../demo/registers/fault.js';
import { AccessRecord } from '../../../gateway/access/access-record.js';
import { NO_ADMISSION } from '../../../gateway/admission/admission.js';
import { systemClock } from '../../../gateway/compose/clock.js';
import { createHttpClient } from '../../../gateway/compose/http-client.js';
import { load, type Loaded } from '../../../gateway/compose/load.js';
import { plannerProcesses } from '../../../gateway/compose/preparer.js';
import { systemRandom } from '../../../gateway/compose/random.js';
import { readConfig } from '../../../gateway/config/read-config.js';
import { openExecution } from '../../../gateway/execution/open-execution.js';
import type { Planned, Recorded } from '../../../gateway/request.js';
import { PipelineRun, Rows } from '../../../gateway/run-pipeline.js';
import { Turns } from '../../../gateway/turns.js';
import { executeQuestion } from '../../../gateway/stages/execute/graphql.js';
import { intendQuestion } from '../../../gateway/stages/intend.js';
import type { QuestionAllowed, QuestionOutcome, QuestionWork } from '../../../gateway/stages/plan/graphql.js';
import { recordQuestion, type RecordQuestionDependencies } from '../../../gateway/stages/record/graphql.js';
import { refuse, type RefuseDependencies } from '../../../gateway/stages/refuse.js';
import type { CompletionBody, EntryDraft } from '../../../monitoring/audit/entries.js';
import type { Gate } from '../../../schemas/ports/gate.js';
import type { HttpClient, HttpRequest, HttpResponse } from '../../../schemas/ports/http-client.js';
import { SEALS_NOTHING } from '../../../monitoring/identity/identity-sealing.js';
import type { Pseudonyms } from '../../../schemas/ports/pseudonyms.js';
import { createDerivations } from '../../../policies/disclosure/derivations.js';
import { Refusal } from '../../../schemas/refusal.js';
import { deniedWithoutPerson, silentObserver } from '../../doubles.js';
import { copyCountry } from '../../made-once.js';
import { CASE_FACTS, FakeLog, planned as plannedRequest } from '../stages/requests.js';
import { runAwaiting } from './awaits.js';
import { REGISTERS } from '../../system/running-system.js';
import { sharedContracts } from '../../shared-contracts.js';

/** The registers of the demo: every protocol is among them. */
type Register = (typeof REGISTERS)[number];

/** What goes wrong during one question. */
export interface Trouble {
  /** The client goes away when the request goes on after this await, from 1. */
  readonly abortAtAwait?: number;
  /** One register misbehaves. */
  readonly fault?: readonly [Register, FaultMode];
  /** The HTTP message with this number, from 1, fails: before it is written, or when it is answered. */
  readonly message?: readonly [number, 'not sent' | 'reply lost'];
  /** The gate fails when it is asked for the time with this number, from 1. */
  readonly gate?: number;
}

export interface Document {
  readonly name: string;
  readonly iin: string;
}

/** What came of one question. */
export interface Ended {
  /** How often the request went on after an await. */
  readonly awaits: number;
  readonly messages: number;
  readonly decisions: number;
  readonly completion: CompletionBody;
  readonly subjects: readonly string[];
  /** Everyone that the question named, that a register was asked about, or that an answer named, so that the gate was asked. */
  readonly people: ReadonlySet<string>;
}

interface Trial {
  messages: number;
  decisions: number;
  readonly people: Set<string>;
  readonly trouble: Trouble;
}

interface Table {
  readonly graphql: {
    readonly work: QuestionWork;
    readonly allowed: QuestionAllowed;
    readonly outcome: QuestionOutcome;
    readonly needs: object;
  };
}

/** The demo's registers in their protocols, and the way of a question from intent to its end, with a gate that grants everything. */
export class EveryEnding {
  readonly country: RunningCountry;
  readonly #loaded: Loaded;
  readonly #audit = new FakeLog();
  readonly #run: PipelineRun<QuestionWork>;
  readonly #close: () => Promise<void>;
  #trial: Trial = { messages: 0, decisions: 0, people: new Set(), trouble: {} };
  #number = 0;

  private constructor(country: RunningCountry, loaded: Loaded, registerMs: number, close: () => Promise<void>) {
    this.country = country;
    this.#loaded = loaded;
    this.#close = close;
    const clock = systemClock({ timeZone: 'UTC', factDate: undefined });
    const observer = silentObserver();
    const needs: RecordQuestionDependencies & RefuseDependencies = {
      audit: this.#audit,
      clock,
      random: systemRandom,
      pseudonyms: PSEUDONYMS,
      identities: SEALS_NOTHING,
      policySet: 'set',
      catalogue: 'cat',
      configuration: 'conf',
      contractVersion: (register) => loaded.quality.contractVersion(register),
      observer,
      countRefusal: () => undefined,
      admission: NO_ADMISSION,
      handles: { people: async () => [] },
      replay: { use: async () => 'first' },
    };
    const executor = openExecution({
      catalogue: loaded.catalogue,
      publicSchema: loaded.publicSchema,
      adapters: loaded.adapters.byRegister,
      quality: loaded.quality,
      derivations: createDerivations(PSEUDONYMS),
      clock,
      observer,
      registerTimeoutMs: () => registerMs,
    });
    const finish = Rows.start<Table, 'plan'>()
      .stage('authorize', {
        graphql: async (request) => ({
          ...request,
          subjects: [...new Set(Object.values(request.work.variables).map(String))],
          allowed: { gate: this.#gate(), variables: request.work.variables, categories: [] },
        }),
      })
      .stage('intend', { graphql: (request) => intendQuestion(request, needs) })
      .stage('execute', { graphql: (request) => executeQuestion(request, { executor }) })
      .stage('record', { graphql: (request) => recordQuestion(request, needs) })
      .column('graphql', {});
    this.#run = new PipelineRun<QuestionWork>(
      {
        prepare: () => Promise.reject(new Error('the question is planned already')),
        finish,
        refuse: (reached, refusal) => refuse(reached, refusal, needs),
      },
      { turns: new Turns(), clock, observer },
    );
  }

  /** @param registerMs time that a register has. One that never answers costs a case that long. */
  static async open(registerMs = PATIENT_MS): Promise<EveryEnding> {
    const directory = mkdtempSync(join(tmpdir(), 'tereze-endings-'));
    await copyCountry(directory);
    const country = await startCountry({ directory, ports: 'free' });
    const observer = silentObserver();
    const planners = plannerProcesses(observer);
    const config = await readConfig(country.config, {});
    const quick = Object.fromEntries(
      Object.entries(config.registers).map(([name, one]) => [
        name,
        { ...one, breaker: { ...one.breaker, volume: 1e6 } },
      ]),
    );
    const current: { endings?: EveryEnding } = {};
    const loaded = await load(
      { ...config, registers: quick as typeof config.registers },
      {
        clock: systemClock({ timeZone: 'UTC', factDate: undefined }),
        random: systemRandom,
        http: faultyHttp((request, send) => (current.endings ? current.endings.#send(request, send) : send(request))),
        observer,
        planners,
        contracts: sharedContracts,
      },
    );
    const endings = new EveryEnding(country, loaded, registerMs, async () => {
      await loaded.close();
      await planners.close();
      await country.stop();
      rmSync(directory, { recursive: true, force: true });
    });
    current.endings = endings;
    return endings;
  }

  close(): Promise<void> {
    return this.#close();
  }

  /** Asks a document's question in this trouble, and returns how it ended once the registers have counted every call. */
  async ask({ name, iin }: Document, trouble: Trouble = {}): Promise<Ended> {
    for (const register of REGISTERS) this.country.reset(register);
    if (trouble.fault) this.country.fault(...trouble.fault);
    this.#audit.entries.length = 0;
    const trial: Trial = (this.#trial = { messages: 0, decisions: 0, people: new Set([iin]), trouble });
    const gone = new AbortController();
    const request = await this.#planned(name, iin, gone.signal);
    const { awaits, result } = await runAwaiting(
      () => this.#run.finish(request),
      trouble.abortAtAwait ?? 0,
      () => gone.abort(),
    );
    if (trouble.fault) this.country.fault(trouble.fault[0], 'off');
    // The gateway leaves the register alone for as long as it asked.
    if (trouble.fault?.[1] === 'flood') await sleep(FLOOD_RETRY_AFTER_SECONDS * 1_000);
    const draft = this.#completionOf(result);
    const completion = draft.body as CompletionBody;
    await this.#counted(completion, trouble);
    for (const register of REGISTERS) for (const person of this.country.people(register)) trial.people.add(person);
    const { messages, decisions, people } = trial;
    return { awaits, messages, decisions, completion, subjects: draft.beside.subjectTokens ?? [], people };
  }

  /** Asks a question that nothing goes wrong with, and checks it. The first one is slower than all others. */
  async whole(document: Document): Promise<Ended> {
    await this.ask(document);
    const ended = await this.ask(document);
    this.check(ended, {});
    expect(ended.completion.registers.filter(({ failure }) => failure !== null)).to.deep.equal([]);
    expect(ended.completion.outcome).to.equal('answered');
    return ended;
  }

  /** Checks that the log says what was done: calls by register as the registers counted them, and the people. */
  check({ completion, subjects, people }: Ended, trouble: Trouble): void {
    const what = JSON.stringify(trouble);
    const callsBy = new Map(completion.registers.map((one) => [one.register, one]));
    for (const register of REGISTERS) {
      const logged = callsBy.get(register);
      const counted = this.country.stats(register).calls;
      if (mayBeUnread(register, trouble)) expect(logged?.calls ?? 0, `${register} ${what}`).to.be.at.least(counted);
      else expect(logged?.calls ?? 0, `${register} ${what}`).to.equal(counted);
    }
    const ids = completion.registers.flatMap(({ callIds }) => callIds);
    expect(ids).to.have.length(completion.registers.reduce((sum, { calls }) => sum + calls, 0));
    expect(new Set(ids)).to.have.length(ids.length);
    for (const id of ids) expect(id).to.match(new RegExp(`^${completion.requestId}-[1-9][0-9]*$`));
    expect([...subjects].sort(), what).to.deep.equal([...people].sort());
    if (completion.outcome === 'failed')
      expect(
        completion.disclosed.filter(({ access }) => access === 'disclose'),
        what,
      ).to.deep.equal([]);
  }

  async #planned(name: string, iin: string, signal: AbortSignal): Promise<Planned<QuestionWork>> {
    const document = this.#loaded.documents.all.find((one) => one.name === name);
    if (document === undefined) throw new Error(`there is no document ${name}`);
    const prepared = await this.#loaded.preparer.prepare(document.text, undefined, document, { variables: {} });
    const named = prepared.rootSubjects.flatMap(({ source }) => source?.variable ?? []);
    const variables = Object.fromEntries(named.map((variable) => [variable, iin]));
    this.#number += 1;
    const requestId = `00000000-0000-4000-8000-${String(this.#number).padStart(12, '0')}`;
    const access = new AccessRecord(requestId);
    access.recordNexus({ ...CASE_FACTS, people: [iin] });
    return {
      ...plannedRequest(),
      requestId,
      access,
      signal,
      startedAt: performance.now(),
      deadline: performance.now() + PATIENT_MS,
      work: { planned: prepared, text: document.text, variables },
    };
  }

  #gate(): Gate {
    const trial = this.#trial;
    return {
      decide: async (questions) => {
        trial.decisions += 1;
        for (const { subject } of questions) trial.people.add(subject.id);
        if (trial.decisions === trial.trouble.gate) throw new Refusal('TOO_MANY_SUBJECTS', { reasons: ['test'] });
        return questions.map(({ categories }) => ({
          granted: new Map(categories.map(({ category }) => [category, GRANT])),
          withheld: new Map(),
        }));
      },
      decideWithoutPerson: deniedWithoutPerson,
      countTold: () => undefined,
    };
  }

  /** Sends one message, unless it is the one that fails. */
  async #send(request: HttpRequest, send: Send): Promise<HttpResponse> {
    const trial = this.#trial;
    trial.messages += 1;
    const [number, form] = trial.trouble.message ?? [0, undefined];
    if (number !== trial.messages) return send(request);
    if (form === 'not sent') throw new Error('the connection was refused');
    await send(request);
    throw new Error('the reply was lost');
  }

  #completionOf({ receipt }: Recorded): EntryDraft {
    expect(receipt, 'the ending has an entry').not.to.equal(undefined);
    const completions = this.#audit.entries.filter(({ body }) => body.kind === 'completion');
    expect(completions, 'one completion').to.have.length(1);
    return completions[0] as EntryDraft;
  }

  /** Waits until the registers have counted what was sent: a message that is broken off may still be on its way. */
  async #counted({ registers }: CompletionBody, trouble: Trouble): Promise<void> {
    for (;;) {
      const open = registers.some(
        ({ register, calls }) =>
          !mayBeUnread(register as Register, trouble) && this.country.stats(register as Register).calls < calls,
      );
      await sleep(open ? 5 : 1);
      if (!open) return;
    }
  }
}

/** Longer than an answer takes on a busy machine. */
const PATIENT_MS = 60_000;

/** Index tokens are the numbers themselves, so that a test can read who is in an entry. */
const PSEUDONYMS: Pseudonyms = {
  token: (id) => id,
  pseudonym: () => 'P',
  indexToken: (id) => id,
  indexTokens: (id) => [id],
};

const GRANT = { basis: 'public_task', nexus: 'application', policies: ['test-rule'] } as const;

/** Whether the register breaks off connections before it reads from them: then it counts fewer calls than were sent to it. */
function mayBeUnread(register: Register, { fault }: Trouble): boolean {
  return fault?.[0] === register && fault[1] === 'refuse';
}

type Send = (request: HttpRequest) => Promise<HttpResponse>;

function faultyHttp(sending: (request: HttpRequest, send: Send) => Promise<HttpResponse>): HttpClient {
  const real = createHttpClient();
  return {
    open: (settings) => {
      const connections = real.open(settings);
      return { send: (request) => sending(request, (one) => connections.send(one)), close: () => connections.close() };
    },
  };
}
