import { createHash } from 'node:crypto';
import { readDatabaseHead } from '../../../gateway/state/anchor/database-head.js';
import { EMPTY_HEAD, mergeHeads, type Head } from '../../../gateway/state/anchor/head.js';
import { unionOf } from '../../../gateway/state/anchor/journal.js';
import { acceptRollback, type AcceptanceResult } from '../../../gateway/state/accept.js';
import { RESTORED_ROOMS } from '../../../gateway/compose/restored-rooms.js';
import { createRestrictionCounter, readRestrictions } from '../../../gateway/state/restrictions.js';
import type { PostgresLog } from '../../../monitoring/audit/append/postgres-log.js';
import { createAuditReader } from '../../../monitoring/audit/reader.js';
import { createConsentGuard } from '../../../policies/consent/guard.js';
import type { ChangedConsent, ConsentRecord } from '../../../policies/consent/port.js';
import { EVERY_TEXT, WIDE_BOUNDS } from '../../policies/consent/in-transactions.js';
import { createConsentStore } from '../../../policies/consent/store.js';
import { createHandles } from '../../../policies/disclosure/handles.js';
import { createPseudonyms } from '../../../policies/disclosure/pseudonyms.js';
import type { NumberedRestriction } from '../../../schemas/ports/restrictions.js';
import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { seededRandom } from '../../doubles.js';
import { completionDraft, intentDraft } from '../../monitoring/audit/drafts.js';
import { openLog } from '../../monitoring/audit/harness.js';
import { movingClock } from '../../policies/moving-clock.js';
import { ADULT } from '../../policies/people.js';
import { restoreSnapshot, takeSnapshot, type Snapshot } from './snapshots.js';
import type { TestDatabase } from './test-database.js';

const START = Date.parse('2026-03-02T00:00:00.000Z');
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const SECRET = Buffer.alloc(32, 1);
const CATEGORIES = ['property.land', 'property.vehicles', 'tax.income'] as const;
const HANDLE = { receiver: 'ai', purpose: 'p', case: { agency: 'g', number: '1' } };

type Category = (typeof CATEGORIES)[number];

/** What the citizen knows of the own consent: the last act that was answered. It never goes back in time. */
interface Known {
  readonly act: 'given' | 'withdrawn';
  readonly validUntil: number;
}

/** A dump of the database, and which restrictions are in it. */
interface Point {
  readonly dump: Snapshot;
  readonly restrictions: ReadonlySet<number>;
  /** The dumps before it in its own history. */
  readonly before: readonly Point[];
}

/** A restriction that was made at any time, in any history of the database. */
interface Made {
  readonly category: Category;
  readonly key: string;
}

/** What a history went through. */
export interface HistoryFigures {
  readonly acts: number;
  readonly rollbacks: number;
  readonly withJournalsCut: number;
  readonly consentsJudged: number;
}

/**
 * One random history over two replicas: acts of a citizen, requests, handles, and restores of any earlier
 * dump with the acceptance that follows. At the end every dump is restored and accepted once more. Throws
 * an `Error` for the first promise that was broken.
 *
 * Outside the database stand the newest head and the journal, as the places of `state.anchor` hold them:
 * every restriction is in them before it is answered, entries come into the head now and then.
 */
export async function runHistory(database: TestDatabase, empty: Snapshot, seed: string): Promise<HistoryFigures> {
  await restoreSnapshot(database, empty);
  const history = new History(database, seed);
  try {
    return await history.run();
  } catch (error) {
    throw new Error(`history ${seed}: ${(error as Error).message}`, { cause: error });
  } finally {
    await history.close();
  }
}

class History {
  readonly #database: TestDatabase;
  readonly #seed: string;
  readonly #clock = movingClock(new Date(START).toISOString());
  readonly #random;
  readonly #store;
  readonly #handles;
  readonly #known = new Map<Category, Known>();
  /** By a number of its own: a number of the database may come twice. */
  readonly #made: Made[] = [];
  readonly #points: Point[] = [];
  /** Leaf by place: everything that any state of the database ever held. */
  readonly #leaves = new Map<string, string>();
  #inDatabase = new Set<number>();
  #before: readonly Point[] = [];
  #head: Head = EMPTY_HEAD;
  #journal: readonly NumberedRestriction[] = [];
  #replicas: readonly PostgresLog[] = [];
  #handle: string | undefined;
  #drawn = 0;
  #acts = 0;
  #rollbacks = 0;
  #cut = 0;
  #judged = 0;

  constructor(database: TestDatabase, seed: string) {
    this.#database = database;
    this.#seed = seed;
    this.#random = seededRandom(seed);
    const { sql } = database;
    const options = { sql, clock: this.#clock };
    const restrictions = createRestrictionCounter(this.#clock);
    this.#store = createConsentStore({
      ...options,
      pseudonyms: createPseudonyms(SECRET),
      restrictions,
      bounds: WIDE_BOUNDS,
      texts: EVERY_TEXT,
    });
    this.#handles = createHandles({ ...options, random: this.#random, secret: SECRET, minutesToLive: 1_440 });
  }

  async run(): Promise<HistoryFigures> {
    await this.#start();
    await this.#keepPoint();
    const steps = 6 + this.#draw(7);
    for (let step = 0; step < steps; step += 1) {
      this.#clock.moveTo(new Date(START + this.#acts * MINUTE_MS + step).toISOString());
      if (this.#draw(5) === 0) await this.#goBack(this.#points[this.#draw(this.#points.length)]!, true);
      else await this.#act();
      await this.#keepPoint();
    }
    await this.close();
    for (const point of this.#points) await this.#goBack(point, false);
    const { ...figures } = { acts: this.#acts, rollbacks: this.#rollbacks };
    return { ...figures, withJournalsCut: this.#cut, consentsJudged: this.#judged };
  }

  async close(): Promise<void> {
    await Promise.all(this.#replicas.map((replica) => replica.close()));
    this.#replicas = [];
  }

  /** Returns a number from 0 to below `below`, the same for the same seed. */
  #draw(below: number): number {
    this.#drawn += 1;
    return createHash('sha256').update(`${this.#seed} ${this.#drawn}`).digest().readUInt32BE() % below;
  }

  async #start(): Promise<void> {
    const open = (holder: string): Promise<PostgresLog> =>
      openLog(this.#database.sql, holder, {
        ...{ poolSize: 2, guard: createConsentGuard(this.#clock), random: this.#random },
      });
    this.#replicas = [await open('replica-1'), await open('replica-2')];
  }

  async #keepPoint(): Promise<void> {
    await this.#checkPlaces();
    const dump = await takeSnapshot(this.#database);
    const point = { dump, restrictions: new Set(this.#inDatabase), before: this.#before };
    this.#points.push(point);
    this.#before = [...this.#before, point];
  }

  /** One act on each replica, at the same time, each on another consent. */
  async #act(): Promise<void> {
    const first = this.#draw(CATEGORIES.length);
    const second = (first + 1) % CATEGORIES.length;
    await Promise.all(
      [first, second].map((category, replica) => this.#actOn(CATEGORIES[category]!, this.#replicas[replica]!)),
    );
    if (this.#draw(2) === 0) this.#head = mergeHeads(this.#head, await readDatabaseHead(this.#database.sql));
  }

  async #actOn(category: Category, replica: PostgresLog): Promise<void> {
    this.#acts += 1;
    const requestId = this.#random.uuid();
    const record = (await this.#consents()).get(category);
    const kind = this.#draw(8);
    if (kind === 0) {
      await replica.append(intentDraft(requestId));
      if (this.#draw(2) === 0) await replica.append(completionDraft(requestId));
    } else if (kind === 1) {
      const issue = { ...HANDLE, subject: ADULT, issuedBy: 's' };
      const issued = await this.#change(replica, requestId, (tx) => this.#handles.issue(tx, issue));
      this.#handle = issued.handle;
    } else if (kind <= 3 && record !== undefined) {
      await this.#restrict(category, replica, requestId, (tx) =>
        this.#store.withdraw(tx, { consentId: record.id, subject: ADULT, evidence: evidenceOf(requestId) }),
      );
      this.#known.set(category, { act: 'withdrawn', validUntil: 0 });
    } else if (kind === 4 && record?.status === 'suspended') {
      const confirmation = { consentId: record.id, subject: ADULT, evidence: evidenceOf(requestId) };
      await this.#change(replica, requestId, (tx) => this.#store.confirm(tx, confirmation));
      this.#known.set(category, { act: 'given', validUntil: Date.parse(record.validUntil) });
    } else {
      const validUntil = START + (2 + this.#draw(20)) * DAY_MS;
      await this.#restrict(category, replica, requestId, (tx) =>
        this.#store.give(tx, {
          ...{ subject: ADULT, agency: 'housing', purpose: 'housing_queue', categories: [category] },
          ...{ validUntil: new Date(validUntil).toISOString(), evidence: evidenceOf(requestId) },
        }),
      );
      this.#known.set(category, { act: 'given', validUntil });
    }
  }

  async #change<Changed>(
    replica: PostgresLog,
    requestId: string,
    apply: (tx: SqlExecutor) => Promise<Changed>,
  ): Promise<Changed> {
    return (await replica.appendChange({ requestId, apply, entry: () => completionDraft(requestId) })).result;
  }

  /** A change that may restrict. What it restricts is in the places before the citizen is answered. */
  async #restrict(
    category: Category,
    replica: PostgresLog,
    requestId: string,
    apply: (tx: SqlExecutor) => Promise<ChangedConsent>,
  ): Promise<void> {
    const { restriction, record } = await this.#change(replica, requestId, apply);
    if (restriction === undefined) return;
    if (this.#note(category, { number: restriction, id: record.id, revision: record.revision }))
      this.#inDatabase.add(this.#made.length - 1);
    const committed = await readDatabaseHead(this.#database.sql);
    this.#journal = unionOf([...this.#journal, ...(await readRestrictions(this.#database.sql, 0))]);
    this.#head = mergeHeads(this.#head, committed);
  }

  /** Returns false for a restriction that was made before. */
  #note(category: Category, { number, id, revision }: Omit<NumberedRestriction, 'kind'>): boolean {
    const key = `${number} ${id} ${revision}`;
    if (this.#made.some((one) => one.key === key)) return false;
    this.#made.push({ category, key });
    return true;
  }

  /** Restores a dump and accepts it; then checks every promise. With `goesOn`, the replicas start again. */
  async #goBack(point: Point, goesOn: boolean): Promise<void> {
    this.#rollbacks += 1;
    await this.close();
    await restoreSnapshot(this.#database, point.dump);
    const before = await this.#consents();
    const isCut = this.#journal.length > 0 && this.#draw(4) === 0;
    const lostNumber = this.#journal[this.#draw(Math.max(this.#journal.length, 1))]?.number;
    const journals = isCut ? this.#journal.filter(({ number }) => number !== lostNumber) : this.#journal;
    if (isCut) this.#cut += 1;
    const head = this.#head;
    const accepted = await this.#accept(journals);
    const touched = new Set(
      this.#made.filter((_, made) => !point.restrictions.has(made)).map(({ category }) => category),
    );
    const isOwnPast = this.#before.includes(point);
    await this.#checkConsents(before, accepted, { isCut, touched, isOwnPast });
    await this.#checkLost(head);
    if (this.#handle !== undefined && (await this.#handles.resolve({ ...HANDLE, handle: this.#handle })) !== undefined)
      throw new Error('a handle from before the acceptance resolves');
    await this.#checkPlaces();
    const cutKey = isCut ? `${lostNumber} ` : 'none';
    const inDatabase = [...this.#made.keys()].filter(
      (made) => point.restrictions.has(made) || !this.#made[made]?.key.startsWith(cutKey),
    );
    await this.#noteSuspensions(goesOn ? inDatabase : undefined);
    if (!goesOn) return;
    if (!isOwnPast) await this.#adoptEnds();
    this.#inDatabase = new Set(inDatabase);
    this.#before = [...point.before, point];
    await this.#start();
  }

  async #accept(journals: readonly NumberedRestriction[]): Promise<AcceptanceResult> {
    const { ownerSql, sql } = this.#database;
    const accepted = await acceptRollback(
      ownerSql,
      {
        ...{ act: 'rollback_accepted', head: this.#head, journals, reason: 'history' },
        ...{ requestId: this.#random.uuid(), at: this.#clock.now() },
      },
      RESTORED_ROOMS,
    );
    if (accepted === undefined) throw new Error('the database has a later epoch than the head');
    const epochStarts = new Map([...this.#head.epochStarts, [accepted.epoch, accepted.startsAt]]);
    this.#head = mergeHeads(this.#head, { ...(await readDatabaseHead(sql)), epochStarts });
    this.#journal = unionOf([...this.#journal, ...(await readRestrictions(sql, 0))]);
    return accepted;
  }

  /** A history that was given up goes on: its consents end as the citizen allowed in it. */
  async #adoptEnds(): Promise<void> {
    for (const [category, { status, validUntil }] of await this.#consents())
      if (status === 'given') this.#known.set(category, { act: 'given', validUntil: Date.parse(validUntil) });
  }

  /** The suspensions of an acceptance are restrictions, too. */
  async #noteSuspensions(inDatabase: number[] | undefined): Promise<void> {
    const categoryOf = new Map([...(await this.#consents())].map(([category, { id }]) => [id, category]));
    for (const restriction of await readRestrictions(this.#database.sql, 0)) {
      const category = categoryOf.get(restriction.id);
      if (category !== undefined && this.#note(category, restriction)) inDatabase?.push(this.#made.length - 1);
    }
  }

  async #consents(): Promise<ReadonlyMap<Category, ConsentRecord>> {
    return new Map(
      (await this.#store.list(ADULT, { limit: 100 })).consents.map((record) => [
        record.categories[0] as Category,
        record,
      ]),
    );
  }

  async #checkConsents(
    before: ReadonlyMap<Category, ConsentRecord>,
    { missing, suspended }: AcceptanceResult,
    {
      isCut,
      touched,
      isOwnPast,
    }: { readonly isCut: boolean; readonly touched: ReadonlySet<Category>; readonly isOwnPast: boolean },
  ): Promise<void> {
    const question = {
      ...{ agency: 'housing', purpose: 'housing_queue', caseNumber: undefined, subjects: [ADULT] },
      reads: new Map(CATEGORIES.map((category) => [category, [`T.${category}`]])),
    };
    const opens = (await this.#store.states(question)).get(ADULT)?.filter(({ status }) => status === 'given') ?? [];
    const records = await this.#consents();
    for (const category of opens.flatMap(({ categories }) => categories as readonly Category[])) {
      const known = this.#known.get(category);
      if (known?.act !== 'given') throw new Error(`${category} opens although the citizen withdrew it`);
      // What a history that was given up allowed is not known here, so an end is only compared with the own past.
      if (isOwnPast && Date.parse(records.get(category)?.validUntil ?? '') > known.validUntil)
        throw new Error(`${category} opens for longer than the citizen allowed last`);
    }
    if (!isCut && (missing > 0 || suspended > 0)) throw new Error('consents were suspended with whole journals');
    for (const [category, record] of before) {
      this.#judged += 1;
      const isSame = JSON.stringify(records.get(category)) === JSON.stringify(record);
      if (missing === 0 && !touched.has(category) && !isSame)
        throw new Error(`${category} was touched although nothing of it was lost`);
    }
  }

  /** No place of the log ever held two entries. */
  async #checkPlaces(): Promise<void> {
    const { rows } = await this.#database.ownerSql.query<{ readonly place: string; readonly leaf: string }>(
      `SELECT log_id || '/' || index AS place, encode(leaf_hash, 'hex') AS leaf FROM audit_entry`,
    );
    for (const { place, leaf } of rows) {
      if ((this.#leaves.get(place) ?? leaf) !== leaf) throw new Error(`the place ${place} was given twice`);
      this.#leaves.set(place, leaf);
    }
  }

  /** Every place that the head knew and the database lacks is told to be lost. */
  async #checkLost(head: Head): Promise<void> {
    const reader = createAuditReader(this.#database.sql);
    for (const [log, { size }] of head.logs) {
      for (let index = 0; index < size; index += 1) {
        const isThere = (await reader.show(log, index)) !== undefined;
        const isLost = (await reader.lost(log, index)) !== undefined;
        if (isThere === isLost) throw new Error(`entry ${log}/${index} is ${isThere ? 'there and lost' : 'neither'}`);
      }
    }
  }
}

const evidenceOf = (requestId: string) => ({ issuer: 'i', tokenHash: 'a'.repeat(64), assurance: 'a', requestId });
