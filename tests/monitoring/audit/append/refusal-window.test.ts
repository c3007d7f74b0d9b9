import { expect } from 'chai';
import fc from 'fast-check';
import type { EntryDraft, RefusalsBody } from '../../../../monitoring/audit/entries.js';
import { AuditUnavailable, type AuditLog } from '../../../../monitoring/audit/port.js';
import { RefusalWindow, type CountedRefusal } from '../../../../monitoring/audit/append/refusal-window.js';
import { listeningObserver, seededRandom, standingClock } from '../../../doubles.js';

type Fault = 'not_written' | 'reply_lost';

/** A log that keeps its drafts, and fails as it is told. */
class Log implements Pick<AuditLog, 'append'> {
  readonly written: RefusalsBody[] = [];
  /** Faults of the next appends, in order. */
  faults: (Fault | undefined)[] = [];

  async append({ body }: EntryDraft) {
    const fault = this.faults.shift();
    await Promise.resolve();
    if (fault !== 'not_written') this.written.push(body as RefusalsBody);
    if (fault !== undefined) throw new AuditUnavailable();
    return { log: 'tereze/0', index: this.written.length - 1, leafHash: '' };
  }

  /** Each entry once, also one that was written again because its reply was lost. */
  get distinct(): readonly RefusalsBody[] {
    return [...new Map(this.written.map((body) => [body.requestId, body])).values()];
  }
}

interface Opened {
  readonly log: Log;
  readonly window: RefusalWindow;
  readonly lines: ReturnType<typeof listeningObserver>['lines'];
  /** Lets time pass, in milliseconds. */
  pass(milliseconds: number): void;
}

function open({ maxSources = 100, perSecond = 5, burst = 100, windowMs = 60_000 } = {}): Opened {
  const log = new Log();
  const observer = listeningObserver();
  let now = 0;
  const window = new RefusalWindow({
    audit: log,
    clock: { ...standingClock(), monotonic: () => now },
    random: seededRandom(),
    observer,
    windowMs,
    maxSources,
    named: { perSecond, burst },
  });
  return { log, window, lines: observer.lines, pass: (milliseconds) => (now += milliseconds) };
}

const code = 'UNAUTHENTICATED';
const shown = (bodies: readonly RefusalsBody[]): readonly string[] =>
  bodies.map(({ code, source, system, count }) => [code, source, system, count].filter(Boolean).join(' ')).sort();

describe('RefusalWindow', () => {
  it('makes one entry of all refusals with the same code and source, when the window ends', async () => {
    const { log, window } = open({ windowMs: 5 });
    for (let number = 0; number < 50; number += 1) window.count({ code, source: '10.0.0.1' });
    window.count({ code: 'INVALID_DPOP_PROOF', source: '10.0.0.1' });
    window.count({ code, source: '10.0.0.2' });
    expect(log.written, 'no one waits for an entry').to.have.length(0);
    while (log.written.length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(shown(log.written)).to.deep.equal([
      'INVALID_DPOP_PROOF 10.0.0.1 1',
      'UNAUTHENTICATED 10.0.0.1 50',
      'UNAUTHENTICATED 10.0.0.2 1',
    ]);
    window.count({ code, source: '10.0.0.1' });
    while (log.written.length < 4) await new Promise((resolve) => setTimeout(resolve, 1));
  });

  it('counts sources beyond its bound together', async () => {
    const { log, window } = open({ maxSources: 2 });
    for (let number = 0; number < 10; number += 1) window.count({ code, source: `10.0.0.${number}` });
    await window.flush();
    expect(shown(log.written)).to.deep.equal([
      'UNAUTHENTICATED 10.0.0.0 1',
      'UNAUTHENTICATED 10.0.0.1 1',
      'UNAUTHENTICATED other 8',
    ]);
  });

  it('names the largest sources as far as the allowance goes, and gets it back with time', async () => {
    const { log, window, pass } = open({ burst: 2, perSecond: 1 });
    const crowd = (): void => {
      for (let source = 1; source <= 4; source += 1)
        for (let times = 0; times < source; times += 1) window.count({ code, source: `10.0.0.${source}` });
    };
    crowd();
    await window.flush();
    expect(shown(log.written.splice(0))).to.deep.equal([
      'UNAUTHENTICATED 10.0.0.3 3',
      'UNAUTHENTICATED 10.0.0.4 4',
      'UNAUTHENTICATED other 3',
    ]);
    pass(1_000);
    crowd();
    await window.flush();
    expect(shown(log.written)).to.deep.equal(['UNAUTHENTICATED 10.0.0.4 4', 'UNAUTHENTICATED other 6']);
  });

  it('always names a known caller', async () => {
    const { log, window } = open({ maxSources: 1, burst: 0, perSecond: 0 });
    window.count({ code, source: '10.0.0.1' });
    for (const source of ['10.0.0.1', '10.0.0.2'])
      window.count({ code: 'RATE_LIMITED', source, agency: 'housing', system: 'housing-queue' });
    await window.flush();
    expect(shown(log.written)).to.deep.equal(['RATE_LIMITED other housing-queue 2', 'UNAUTHENTICATED other 1']);
    expect(log.written.find(({ system }) => system !== undefined)?.agency).to.equal('housing');
  });

  it('keeps what could not be written, says so, and writes it later', async () => {
    const { log, window, lines } = open();
    window.count({ code, source: '10.0.0.1' });
    log.faults = ['not_written'];
    await window.flush();
    expect(lines.map(({ level, event }) => `${level} ${event}`)).to.deep.equal(['error refusals_not_written']);
    window.count({ code, source: '10.0.0.1' });
    await window.flush();
    expect(shown(log.written)).to.deep.equal(['UNAUTHENTICATED 10.0.0.1 1', 'UNAUTHENTICATED 10.0.0.1 1']);
  });

  it('loses and doubles no count when the log fails, and stays within its bounds', async () => {
    const refusal = fc.record<CountedRefusal>({
      code: fc.constantFrom('UNAUTHENTICATED', 'BAD_REQUEST'),
      source: fc.integer({ min: 0, max: 12 }).map((number) => `10.0.0.${number}`),
      system: fc.constantFrom(undefined, undefined, 'a', 'b'),
    });
    const fault = fc.constantFrom<Fault | undefined>(undefined, undefined, 'not_written', 'reply_lost');
    const round = fc.record({
      refusals: fc.array(refusal, { maxLength: 30 }),
      faults: fc.array(fault, { maxLength: 8 }),
      passes: fc.integer({ min: 0, max: 3_000 }),
    });
    const bounds = { maxSources: 6, burst: 4, perSecond: 1 };
    await fc.assert(
      fc.asyncProperty(fc.array(round, { maxLength: 8 }), async (rounds) => {
        const { log, window, pass } = open(bounds);
        let elapsed = 0;
        for (const { refusals, faults, passes } of rounds) {
          log.faults = [...faults];
          for (const one of refusals) window.count(one);
          await window.flush();
          pass(passes);
          elapsed += passes;
        }
        log.faults = [];
        await window.flush();
        await window.flush();
        const totals = (counted: readonly { code: string; system?: string | undefined; count: number }[]) => {
          const sums: Record<string, number> = {};
          for (const { code, system = '', count } of counted)
            sums[`${code} ${system}`] = (sums[`${code} ${system}`] ?? 0) + count;
          return sums;
        };
        expect(totals(log.distinct)).to.deep.equal(
          totals(rounds.flatMap(({ refusals }) => refusals.map((one) => ({ ...one, count: 1 })))),
        );
        const named = log.distinct.filter(({ source, system }) => source !== 'other' && system === undefined);
        expect(named.length).to.be.at.most(bounds.burst + (elapsed / 1000) * bounds.perSecond + 1);
      }),
      { numRuns: 500 },
    );
  });
});
