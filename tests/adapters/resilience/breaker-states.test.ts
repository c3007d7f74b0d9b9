import { mock } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import type { RegisterFailure } from '../../../adapters/port.js';
import { RegisterDeclined, type Adapter, type RegisterAnswer } from '../../../adapters/port.js';
import type { RegisterFailureKind } from '../../../schemas/failures/register-failure.js';
import { failureOfKind } from '../../failure-of-kind.js';
import { resilient } from '../../../adapters/resilience/resilient.js';
import { silentObserver, standingClock } from '../../doubles.js';
import { someCalls } from '../../recorded-calls.js';

const ANSWER: RegisterAnswer = { groups: [] };
const REGISTER = 'tax';

/** How a call may end, and what that says about the register. */
const ENDINGS = {
  answered: 'works',
  malformed: 'works',
  declined: 'works',
  timeout: 'fails',
  transport: 'fails',
  overloaded: 'fails',
  denied: 'fails',
  failed: 'fails',
  broken: 'fails',
  cancelled: 'nothing',
  'cancelled, then torn off': 'nothing',
} as const;
type Ending = keyof typeof ENDINGS;

const VOLUME = 4;
const PERCENT = 50;
const WINDOW_MS = 1_000;
const SLOT_MS = WINDOW_MS / 10;
const RETRY_MS = 250;

interface ModelCall {
  readonly openedBefore: number;
  readonly isTrial: boolean;
}

/** What the breaker should do. */
class Model {
  now = 0;
  state: 'closed' | 'open' | 'half open' = 'closed';
  opened = 0;
  openedAt = 0;
  hasTrial = false;
  outcomes: { readonly slot: number; readonly works: boolean }[] = [];
  readonly running: ModelCall[] = [];

  begin(): ModelCall | undefined {
    if (this.state === 'open' || (this.state === 'half open' && this.hasTrial)) return undefined;
    const call = { openedBefore: this.opened, isTrial: this.state === 'half open' };
    this.hasTrial = call.isTrial;
    this.running.push(call);
    return call;
  }

  end(call: ModelCall, ending: Ending): void {
    const says = ENDINGS[ending];
    if (call.openedBefore !== this.opened) return;
    if (says === 'nothing') {
      if (call.isTrial) this.hasTrial = false;
      return;
    }
    this.outcomes.push({ slot: this.#slot(), works: says === 'works' });
    if (says === 'works') {
      if (call.isTrial) this.state = 'closed';
      return;
    }
    const seen = this.outcomes.filter(({ slot }) => this.#slot() - slot < 10);
    const failed = seen.filter(({ works }) => !works).length;
    if (!call.isTrial && (seen.length < VOLUME || (failed / seen.length) * 100 <= PERCENT)) return;
    this.state = 'open';
    this.opened += 1;
    this.openedAt = this.now;
  }

  advance(milliseconds: number): void {
    this.now += milliseconds;
    if (this.state !== 'open' || this.now - this.openedAt < RETRY_MS) return;
    this.state = 'half open';
    this.hasTrial = false;
  }

  #slot(): number {
    return Math.floor(this.now / SLOT_MS);
  }
}

interface RealCall {
  readonly settled: Promise<RegisterFailureKind | 'answered'>;
  end(ending: Ending): void;
}

/** The adapter around a register whose calls the test ends. */
class Real {
  readonly running: RealCall[] = [];
  /** Calls that the register got. */
  calls = 0;
  #now = 0;
  #reject: (error: unknown) => void = () => undefined;
  #resolve: (answer: RegisterAnswer) => void = () => undefined;
  readonly #adapter: Adapter;

  constructor() {
    const register: Adapter = {
      register: REGISTER,
      prepare: () => ({ register: REGISTER }),
      read: () => {
        this.calls += 1;
        return new Promise((resolve, reject) => ([this.#resolve, this.#reject] = [resolve, reject]));
      },
      close: async () => undefined,
    };
    this.#adapter = resilient(register, {
      clock: { ...standingClock(), monotonic: () => this.#now },
      observer: silentObserver(),
      timeoutMs: 1e9,
      maxInFlight: 1_000,
      maxWaiting: 0,
      breaker: { volume: VOLUME, failurePercent: PERCENT, windowMs: WINDOW_MS, retryAfterMs: RETRY_MS },
    });
  }

  begin(): RealCall {
    const gone = new AbortController();
    const settled = this.#adapter
      .read({ requestId: 'r', calls: someCalls(), groups: [], deadline: 1e9, signal: gone.signal })
      .then(
        () => 'answered' as const,
        (error: unknown) => (error as RegisterFailure).kind,
      );
    const [resolve, reject] = [this.#resolve, this.#reject];
    return {
      settled,
      end: (ending) => {
        if (ENDINGS[ending] === 'nothing') gone.abort();
        if (ending === 'answered') resolve(ANSWER);
        else reject(errorOf(ending));
      },
    };
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
    mock.timers.tick(milliseconds);
  }

  close(): Promise<void> {
    return this.#adapter.close();
  }
}

function errorOf(ending: Exclude<Ending, 'answered'>): Error {
  if (ending === 'declined') return new RegisterDeclined(REGISTER, 'status_code_unknown');
  if (ending === 'broken') return new TypeError('a fault of the adapter');
  return failureOfKind(REGISTER, ending === 'cancelled, then torn off' ? 'transport' : ending);
}

/** What the caller is told. */
function kindOf(ending: Ending): RegisterFailureKind | 'answered' {
  if (ending === 'declined' || ending === 'broken') return 'failed';
  return ending === 'cancelled, then torn off' ? 'cancelled' : ending;
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

class Begin implements fc.AsyncCommand<Model, Real> {
  check = (): boolean => true;
  toString = (): string => 'begin';
  async run(model: Model, real: Real): Promise<void> {
    const before = real.calls;
    const call = real.begin();
    await settle();
    const expected = model.begin();
    expect(real.calls - before, 'calls at the register').to.equal(expected === undefined ? 0 : 1);
    if (expected === undefined) expect(await call.settled).to.equal('unavailable');
    else real.running.push(call);
  }
}

class End implements fc.AsyncCommand<Model, Real> {
  constructor(
    readonly which: number,
    readonly ending: Ending,
  ) {}
  check = (model: Readonly<Model>): boolean => model.running.length > 0;
  toString = (): string => `end ${this.which}: ${this.ending}`;
  async run(model: Model, real: Real): Promise<void> {
    const place = this.which % model.running.length;
    const [expected] = model.running.splice(place, 1) as [ModelCall];
    const [call] = real.running.splice(place, 1) as [RealCall];
    call.end(this.ending);
    expect(await call.settled).to.equal(kindOf(this.ending));
    await settle();
    model.end(expected, this.ending);
  }
}

class Advance implements fc.AsyncCommand<Model, Real> {
  constructor(readonly milliseconds: number) {}
  check = (): boolean => true;
  toString = (): string => `advance ${this.milliseconds}`;
  async run(model: Model, real: Real): Promise<void> {
    real.advance(this.milliseconds);
    model.advance(this.milliseconds);
  }
}

const ending = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...(Object.keys(ENDINGS) as Ending[])) },
  { weight: 2, arbitrary: fc.constantFrom<Ending>('timeout', 'transport') },
  { weight: 1, arbitrary: fc.constant<Ending>('cancelled') },
);
const commands = fc.commands(
  [
    fc.constant(new Begin()),
    fc.constant(new Begin()),
    fc.tuple(fc.nat(9), ending).map(([which, how]) => new End(which, how)),
    fc.tuple(fc.nat(9), ending).map(([which, how]) => new End(which, how)),
    fc.integer({ min: 1, max: 400 }).map((milliseconds) => new Advance(milliseconds)),
  ],
  { maxCommands: 120, size: 'max' },
);

describe('the circuit breaker as a state machine', function () {
  this.timeout(60_000);
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'setInterval'] }));
  afterEach(() => mock.timers.reset());

  it('opens, tries and closes as its model does, however calls end and in any order', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (all) => {
        const real = new Real();
        try {
          await fc.asyncModelRun(() => ({ model: new Model(), real }), all);
        } finally {
          await real.close();
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
