import { expect } from 'chai';
import { RegisterFailure, type Adapter, type FetchSelection } from '../../adapters/port.js';
import { citizens } from '../adapters/selections.js';
import { runningClock } from '../doubles.js';
import { rejection } from '../rejection.js';
import { someCalls } from '../recorded-calls.js';

/** Whose records a register sends that was asked for `a` and `b`, in this order. */
const SENT = {
  'what was asked': ['a', 'b'],
  'another order': ['b', 'a'],
  'a record too few': ['a'],
  'a record twice': ['a', 'b', 'b'],
  'someone else’s record in a place': ['a', 'c'],
  'a record too many': ['a', 'b', 'c'],
  none: [],
} as const satisfies Record<string, readonly Who[]>;

type Who = 'a' | 'b' | 'c';
type Oddity = Exclude<keyof typeof SENT, 'what was asked'>;

/** What comes of it. No outcome ever gives one person's record under another's key. */
type Outcome =
  | 'malformed' // no one can say whose is what: the call fails
  | 'sorted out' // records say whose they are: each is under its key
  | 'absent'; // a person who is absent is answered like an unknown number

export interface RecordKeeping {
  readonly selection: FetchSelection;
  readonly people: Readonly<Record<Who, string>>;
  /** An adapter to a register that answers with the records of these people, to every question. */
  readonly answering: (iins: readonly string[]) => Adapter;
  /** `times`: how often the register sent it. */
  readonly recordOf: (iin: string, times: number) => unknown;
  readonly absent?: (iin: string) => unknown;
  /** Protocols that answer by position fail whenever positions are wrong; what differs is said here, and why. */
  readonly differs?: Partial<Record<Oddity, { readonly outcome: Outcome; readonly because: string }>>;
}

/** What every `Adapter` makes of too many records, too few, other people's and another order. */
export function describeRecordKeeping(name: string, keeping: RecordKeeping): void {
  describe(`${name} keeps people apart`, () => {
    const { selection, people, answering, recordOf, absent = () => null, differs = {} } = keeping;
    const asked = [people.a, people.b];
    const clock = runningClock();

    for (const [what, sent] of Object.entries(SENT) as [keyof typeof SENT, readonly Who[]][]) {
      const { outcome, because } =
        what === 'what was asked'
          ? { outcome: 'sorted out', because: '' }
          : (differs[what] ?? { outcome: 'malformed', because: '' });
      it(`when the register sends ${what}: ${outcome}${because === '' ? '' : ` (${because})`}`, async () => {
        const adapter = answering(sent.map((who) => people[who]));
        const reading = adapter.read({
          requestId: 'request-1',
          calls: someCalls(),
          deadline: clock.monotonic() + 5_000,
          groups: [{ prepared: adapter.prepare(selection), variables: {}, keys: citizens(...asked) }],
        });
        if (outcome === 'malformed') {
          expect(await rejection(reading))
            .to.be.instanceOf(RegisterFailure)
            .and.include({ kind: 'malformed' });
        } else {
          const { groups } = await reading;
          const times = (iin: string): number => sent.filter((who) => people[who] === iin).length;
          expect(JSON.parse(JSON.stringify(groups[0]?.records))).to.deep.equal(
            asked.map((iin) => (times(iin) > 0 ? recordOf(iin, times(iin)) : absent(iin))),
          );
          expect(JSON.stringify(groups)).to.not.include(people.c);
        }
        await adapter.close();
      });
    }
  });
}
