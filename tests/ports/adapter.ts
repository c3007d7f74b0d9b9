import { expect } from 'chai';
import { RegisterFailure, type Adapter, type FetchSelection, type RegisterAnswer } from '../../adapters/port.js';
import type { RegisterFailureKind } from '../../schemas/failures/register-failure.js';
import type { FaultMode } from '../../demo/registers/fault.js';
import { citizens } from '../adapters/selections.js';
import { runningClock } from '../doubles.js';
import { rejection } from '../rejection.js';
import { AccessRecord } from '../../gateway/access/access-record.js';
import { registersOf } from '../recorded-calls.js';

/** A register with an adapter to it, and what the suite must be able to see and do around them. */
export interface AdapterUnderTest {
  readonly adapter: Adapter;
  /** Another adapter to the same register, which takes hardly any answer. */
  readonly tight: Adapter;
  fault(mode: FaultMode): void;
  /** Calls counted at the register. */
  calls(): number;
  close(): Promise<void>;
}

export interface AdapterExpectations {
  /** A selection of one field. */
  readonly narrow: FetchSelection;
  /** A selection of another field. */
  readonly other: FetchSelection;
  /** Two persons that the register has, and one that it does not have. */
  readonly persons: readonly [string, string];
  readonly unknown: string;
  /** What the narrow and the other selection give of a person, and of no one. */
  readonly narrowOf: (iin: string) => unknown;
  readonly otherOf: (iin: string) => unknown;
  /** Two persons asked with one selection, and two groups with different ones, cost this many calls. */
  readonly callsFor: { readonly oneGroup: number; readonly twoGroups: number };
}

const FAULTS: readonly (readonly [FaultMode, RegisterFailureKind])[] = [
  ['slow', 'timeout'],
  ['hang', 'timeout'],
  ['500', 'failed'],
  ['garbage', 'malformed'],
  ['half', 'transport'],
  ['refuse', 'transport'],
  ['flood', 'overloaded'],
];

const ENOUGH_MS = 30_000;
/** Longer than a test may take. */
const FOR_EVER_MS = 3_600_000;
const SHORT_MS = 500;

/** What every `Adapter` promises, over a register that can be told to misbehave. `open` is called once. */
export function describeAdapter(
  name: string,
  expectations: () => AdapterExpectations,
  open: () => Promise<AdapterUnderTest>,
): void {
  describe(`${name} keeps the contract of Adapter`, function () {
    this.timeout(120_000);
    const clock = runningClock();
    let under: AdapterUnderTest;
    let expected: AdapterExpectations;

    before(async () => {
      under = await open();
      expected = expectations();
    });
    let record: AccessRecord;
    let counted: number;
    let isCutOff: boolean;
    let isAnswered: boolean;
    beforeEach(() => {
      record = new AccessRecord('request-1', clock);
      counted = under.calls();
      isCutOff = false;
      isAnswered = false;
    });
    afterEach('has recorded every call that the register counted, and no other', () => {
      under.fault('off');
      const [use] = registersOf(record);
      const { calls, callIds } = use ?? { calls: 0, callIds: [] };
      // A register that closes connections may count less than was sent to it.
      if (isCutOff) expect(calls).to.be.at.least(under.calls() - counted);
      else expect(calls).to.equal(under.calls() - counted);
      expect(callIds).to.have.length(calls);
      expect(use?.requestOutTs ?? null, 'a sent call has its time').to.satisfy(
        (time: number | null) => (time === null) === (calls === 0),
      );
      if (isAnswered && calls > 0) expect(use?.responseInTs, 'an answer has its time').to.be.a('number');
    });
    after(() => under.close());

    const read = (
      groups: readonly { readonly selection: FetchSelection; readonly iins: readonly string[] }[],
      milliseconds = ENOUGH_MS,
      adapter = under.adapter,
      signal?: AbortSignal,
    ): Promise<RegisterAnswer> =>
      adapter
        .read({
          requestId: 'request-1',
          calls: record.beginRead('any', 0, { all: [] }),
          groups: groups.map(({ selection, iins }) => ({
            prepared: adapter.prepare(selection),
            variables: {},
            keys: citizens(...iins),
          })),
          deadline: clock.monotonic() + milliseconds,
          signal,
        })
        .then((answer) => {
          isAnswered = true;
          return answer;
        });
    const readNarrow = (iins: readonly string[], milliseconds?: number): Promise<RegisterAnswer> =>
      read([{ selection: expected.narrow, iins }], milliseconds);
    const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

    it('answers in the order of the keys, with no one in between, in one call', async () => {
      const [first, second] = expected.persons;
      const before = under.calls();
      const { groups } = await readNarrow([second, expected.unknown, first]);
      expect(under.calls() - before).to.equal(expected.callsFor.oneGroup);
      expect(plain(groups.map(({ records, errors }) => ({ records, errors })))).to.deep.equal([
        {
          records: [expected.narrowOf(second), expected.narrowOf(expected.unknown), expected.narrowOf(first)],
          errors: [],
        },
      ]);
    });

    it('gives each group its own selection and nothing else', async () => {
      const [first, second] = expected.persons;
      const before = under.calls();
      const { groups } = await read([
        { selection: expected.narrow, iins: [first, second] },
        { selection: expected.other, iins: [second] },
      ]);
      expect(under.calls() - before).to.equal(expected.callsFor.twoGroups);
      expect(plain(groups.map(({ records }) => records))).to.deep.equal([
        [expected.narrowOf(first), expected.narrowOf(second)],
        [expected.otherOf(second)],
      ]);
    });

    it('answers many reads at once, each its own', async () => {
      const asked = Array.from({ length: 40 }, (_, number) => expected.persons[number % 2 === 0 ? 0 : 1]);
      const answers = await Promise.all(asked.map((iin) => readNarrow([iin])));
      expect(plain(answers.map(({ groups }) => groups[0]?.records))).to.deep.equal(
        asked.map((iin) => [expected.narrowOf(iin)]),
      );
    });

    it('builds records on which no name of a register can do harm', async () => {
      const { groups } = await readNarrow([expected.persons[0]]);
      expect('constructor' in (groups[0]?.records[0] ?? {})).to.equal(false);
    });

    it('makes no call when the deadline has passed', async () => {
      const before = under.calls();
      expect(await rejection(readNarrow([expected.persons[0]], -1))).to.include({ kind: 'timeout' });
      expect(under.calls()).to.equal(before);
    });

    for (const [mode, kind] of FAULTS) {
      it(`tells ${kind} of a register that does "${mode}", says no more, and is answered afterwards`, async () => {
        await readNarrow([expected.persons[0]]);
        under.fault(mode);
        isCutOff = mode === 'refuse';
        const failure = await rejection(
          readNarrow([expected.persons[0]], mode === 'slow' || mode === 'hang' ? SHORT_MS : ENOUGH_MS),
        );
        expect(failure).to.be.instanceOf(RegisterFailure);
        expect((failure as RegisterFailure).kind).to.equal(kind);
        expect((failure as RegisterFailure).reason, 'the reason').to.be.a('string');
        expect((failure as RegisterFailure).message).to.equal(`register ${under.adapter.register}: ${kind}`);
        expect(typeof (failure as RegisterFailure).cause).to.be.oneOf(['undefined', 'string']);
        under.fault('off');
        expect(plain((await readNarrow([expected.persons[0]])).groups[0]?.records)).to.deep.equal([
          expected.narrowOf(expected.persons[0]),
        ]);
      });
    }

    it('breaks off at once what no one waits for any more, makes no call in vain, and is answered afterwards', async () => {
      under.fault('hang');
      const gone = new AbortController();
      const arrived = under.calls() + 1;
      // Of a register that does not answer nothing but the signal ends the call within the time of this test.
      const asked = rejection(
        read([{ selection: expected.narrow, iins: [expected.persons[0]] }], FOR_EVER_MS, under.adapter, gone.signal),
      );
      while (under.calls() < arrived) await new Promise((resolve) => setTimeout(resolve, 5));
      gone.abort();
      expect(await asked)
        .to.be.instanceOf(RegisterFailure)
        .and.include({ kind: 'cancelled' });
      const before = under.calls();
      expect(
        await rejection(
          read([{ selection: expected.narrow, iins: [expected.persons[0]] }], ENOUGH_MS, under.adapter, gone.signal),
        ),
      ).to.include({ kind: 'cancelled' });
      expect(under.calls()).to.equal(before);
      under.fault('off');
      expect(plain((await readNarrow([expected.persons[0]])).groups[0]?.records)).to.deep.equal([
        expected.narrowOf(expected.persons[0]),
      ]);
    });

    it('takes no answer that is too large', async () => {
      const all = [{ selection: expected.narrow, iins: expected.persons }];
      expect(await rejection(read(all, ENOUGH_MS, under.tight))).to.include({ kind: 'malformed' });
    });
  });
}
