import type { Clock } from '../../schemas/ports/clock.js';
import type { Random } from '../../schemas/ports/random.js';
import type { Sql } from '../../schemas/ports/sql.js';
import { acceptRollback, type AcceptanceResult } from '../state/accept.js';
import { findLost, lostEntries, readDatabaseHead, type Lost } from '../state/anchor/database-head.js';
import { mergeHeads, type Head } from '../state/anchor/head.js';
import { PlaceKeeper } from '../state/anchor/place-keeper.js';
import { faultOf, type PlaceFault } from '../state/anchor/place.js';
import { newestOf, readJournals, type SurveyedPlace } from '../state/anchor/survey.js';
import { readRestrictions } from '../state/restrictions.js';
import { RESTORED_ROOMS } from './restored-rooms.js';

export interface StateActPorts {
  /** The state database as its owner. */
  readonly owner: Sql;
  readonly clock: Clock;
  readonly random: Random;
}

/** What `tereze state` would do, before anyone has agreed to it. */
export type StatePlan =
  /** There is nothing to accept: the first heads are written. */
  | { readonly act: 'first_head'; readonly database: Head; readonly entries: number; readonly isUpgraded: boolean }
  /** The database is taken as it is, although no head says what it lacks. */
  | { readonly act: 'initialised'; readonly database: Head; readonly entries: number }
  | {
      readonly act: 'rollback_accepted';
      readonly database: Head;
      readonly newest: Head;
      readonly lost: Lost;
      readonly entries: number;
      /** Places that are left out: they may know of more. */
      readonly without: readonly string[];
    };

/** Why there is nothing to do. */
export type NoPlan = 'has_head' | 'no_head' | 'nothing_lost';

/**
 * Returns what the first head of this database needs. `entries` is how many entries are lost, as far as is known; where
 * no head says it, how many the database has.
 */
export async function planInitialisation(
  places: readonly SurveyedPlace[],
  { owner }: StateActPorts,
): Promise<StatePlan | NoPlan> {
  if (newestOf(places) !== undefined) return 'has_head';
  const database = await readDatabaseHead(owner);
  const isUpgraded = await readUpgraded(owner);
  const has = [...database.logs.values()].reduce((sum, { size }) => sum + size, 0);
  if (isUpgraded || (has === 0 && database.restrictions === 0 && database.epoch === 0))
    return { act: 'first_head', database, entries: 0, isUpgraded };
  return { act: 'initialised', database, entries: has };
}

/** Returns what the acceptance of this database would lose. */
export async function planAcceptance(
  places: readonly SurveyedPlace[],
  without: readonly string[],
  { owner }: StateActPorts,
): Promise<StatePlan | NoPlan> {
  const newest = newestOf(places);
  if (newest === undefined) return 'no_head';
  const database = await readDatabaseHead(owner);
  const lost = await findLost(owner, database, newest);
  if (lost === undefined) return 'nothing_lost';
  return { act: 'rollback_accepted', database, newest, lost, entries: lostEntries(lost), without };
}

/** What was done, and which places do not have the new head yet. A running gateway writes it as soon as it can. */
export interface StateActResult {
  readonly accepted: AcceptanceResult | undefined;
  readonly unwritten: readonly { readonly name: string; readonly fault: PlaceFault }[];
}

/** Carries out a plan. The database first: heads say only what has committed. Rejects if a journal cannot be read. */
export async function carryOut(
  plan: StatePlan,
  places: readonly SurveyedPlace[],
  reason: string,
  ports: StateActPorts,
): Promise<StateActResult> {
  if (plan.act === 'first_head') {
    const unwritten = await writeHeads(places, await readDatabaseHead(ports.owner), ports.owner);
    // From the first head on, a database without one must be accepted.
    if (plan.isUpgraded && unwritten.length < places.length)
      await ports.owner.query('UPDATE state_epoch SET is_upgraded = false');
    return { accepted: undefined, unwritten };
  }
  const accepted = await acceptRollback(
    ports.owner,
    {
      act: plan.act,
      head: plan.act === 'initialised' ? undefined : headToAccept(plan),
      journals: await readJournals(places),
      reason,
      requestId: ports.random.uuid(),
      at: ports.clock.now(),
    },
    RESTORED_ROOMS,
  );
  const database = await readDatabaseHead(ports.owner);
  const starts = accepted === undefined ? [] : [[accepted.epoch, accepted.startsAt] as const];
  const known = newestOf(places)?.epochStarts ?? new Map<number, number>();
  const head = { ...database, epochStarts: new Map([...known, ...starts]) };
  return { accepted, unwritten: await writeHeads(places, head, ports.owner) };
}

/**
 * A place that is left out may know of a restriction that no other place knows. So one number more than is known is
 * taken to be missing, and every consent in force is suspended.
 */
function headToAccept({ newest, without }: Extract<StatePlan, { act: 'rollback_accepted' }>): Head {
  return without.length === 0 ? newest : { ...newest, restrictions: newest.restrictions + 1 };
}

async function writeHeads(
  places: readonly SurveyedPlace[],
  head: Head,
  owner: Sql,
): Promise<StateActResult['unwritten']> {
  const faults = await Promise.all(
    places.map(async ({ name, texts, head: held }) => {
      const next = held === undefined ? head : mergeHeads(held, head);
      const write = new PlaceKeeper(texts).write(next, (after) => readRestrictions(owner, after));
      return { name, fault: await write.then(() => undefined, faultOf) };
    }),
  );
  return faults.flatMap(({ name, fault }) => (fault === undefined ? [] : [{ name, fault }]));
}

async function readUpgraded(owner: Sql): Promise<boolean> {
  const { rows } = await owner.query<{ readonly is_upgraded: boolean }>('SELECT is_upgraded FROM state_epoch');
  return rows[0]?.is_upgraded ?? false;
}
