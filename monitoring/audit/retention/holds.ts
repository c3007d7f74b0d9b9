import type { Clock } from '../../../schemas/ports/clock.js';
import type { Random } from '../../../schemas/ports/random.js';
import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { entrySubject, retentionEntry, type EntryCase, type EntryDraft, type EntryLogReader } from '../entries.js';
import type { Appended, AuditLog } from '../port.js';

/** Which entries a hold keeps. Every field narrows it; at least one is given. Times are ISO 8601, UTC: `since` inclusive, `before` exclusive. */
export interface HoldScope {
  readonly since?: string | undefined;
  readonly before?: string | undefined;
  readonly case?: EntryCase | undefined;
  /** Id of the callers' agency. */
  readonly agency?: string | undefined;
  /** A person: identifier, and its index tokens (hex) under every live key, newest first. */
  readonly person?: { readonly identifier: string; readonly tokens: readonly string[] } | undefined;
}

/** How far a hold is. It keeps entries in every state but `lifted`. */
export type HoldState = 'asked' | 'set' | 'lift_asked' | 'lifted';

export interface Hold {
  readonly id: string;
  readonly state: HoldState;
  readonly since: string | null;
  readonly before: string | null;
  readonly caseNumber: string | null;
  readonly agency: string | null;
  readonly isOfPerson: boolean;
  /** Who asked for it, and who agreed; then who asked to lift it, and who agreed to that. */
  readonly askedBy: string;
  readonly setBy: string | null;
  readonly liftAskedBy: string | null;
  readonly liftedBy: string | null;
}

/** Why a step of a hold cannot be taken. */
export type HoldFault = 'unknown' | 'wrong_state' | 'same_person' | 'no_name' | 'everything';

/** A step of a hold that cannot be taken. Nothing was changed or recorded. */
export class HoldRefused extends Error {
  readonly fault: HoldFault;
  constructor(fault: HoldFault, message: string) {
    super(message);
    this.name = 'HoldRefused';
    this.fault = fault;
  }
}

export interface HoldsOptions {
  readonly sql: SqlExecutor;
  readonly log: Pick<AuditLog, 'appendChange'>;
  readonly clock: Clock;
  readonly random: Random;
}

const SALT_BYTES = 16;

/**
 * Legal holds. One person asks for a hold, and a second one agrees; so it is lifted, too. Each step is an entry that is
 * committed together with it. Who the persons are is for the caller to find out: each names themselves in `by`, and two that
 * are the same system and officer, in whichever case, are one person.
 *
 * Rejects with {@link HoldRefused} for a step that cannot be taken, and with `AuditUnavailable` as `appendChange` does.
 */
export class Holds {
  readonly #options: HoldsOptions;

  constructor(options: HoldsOptions) {
    this.#options = options;
  }

  /** Asks for a hold, which keeps entries from now on. Resolves with its id. */
  async ask(
    scope: HoldScope,
    { by, reason }: { readonly by: EntryLogReader; readonly reason: string },
  ): Promise<string> {
    const { since, before, case: matter, agency, person } = scope;
    if ([since, before, matter, agency, person].every((one) => one === undefined))
      throw new HoldRefused('everything', 'a hold names a case, an agency, a person or a time');
    const id = this.#options.random.uuid();
    const askedBy = personOf(by);
    const salt = this.#options.random.bytes(SALT_BYTES);
    const [token] = person?.tokens ?? [];
    const subjects =
      person === undefined || token === undefined ? [] : [entrySubject({ identifier: person.identifier, token, salt })];
    const beside: EntryDraft['beside'] =
      token === undefined ? {} : { subjectTokens: [token], subjectSalts: [salt.toString('hex')] };
    await this.#change(id, {
      apply: (tx, at) =>
        tx.query(
          `INSERT INTO audit_hold (hold_id, since, before, case_number, agency, tokens, asked_by, asked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
          [
            ...[id, since ?? null, before ?? null, matter?.number ?? null, agency ?? null],
            ...[person?.tokens.map((one) => Buffer.from(one, 'hex')) ?? null, askedBy, at],
          ],
        ),
      entry: (requestId, at) => ({
        body: retentionEntry({
          ...{ requestId, at, act: 'hold_asked', caller: by, reason, hold: id, subjects },
          ...{ since: since ?? null, before: before ?? null, case: matter ?? null, agency: agency ?? null },
        }),
        beside,
      }),
    });
    return id;
  }

  /** Asks to lift a hold. It keeps entries until a second person agrees. */
  async askToLift(id: string, { by, reason }: { readonly by: EntryLogReader; readonly reason: string }): Promise<void> {
    const asking = personOf(by);
    await this.#change(id, {
      apply: async (tx, at) => {
        const hold = await lockHold(tx, id);
        if (hold.state !== 'set') throw new HoldRefused('wrong_state', `hold ${id} is ${TEXT[hold.state]}`);
        await tx.query('UPDATE audit_hold SET lift_asked_by = $2, lift_asked_at = $3 WHERE hold_id = $1', [
          id,
          asking,
          at,
        ]);
      },
      entry: (requestId, at) => ({
        body: retentionEntry({ requestId, at, act: 'hold_lift_asked', caller: by, reason, hold: id }),
        beside: {},
      }),
    });
  }

  /** Agrees, as a second person, to what was asked last: to the hold, or to lifting it. Resolves with the state after it. */
  async agree(
    id: string,
    { by, reason }: { readonly by: EntryLogReader; readonly reason: string },
  ): Promise<HoldState> {
    const agreeing = personOf(by);
    let state: 'set' | 'lifted' = 'set';
    await this.#change(id, {
      apply: async (tx, at) => {
        const hold = await lockHold(tx, id);
        if (hold.state !== 'asked' && hold.state !== 'lift_asked')
          throw new HoldRefused('wrong_state', `hold ${id} is ${TEXT[hold.state]}: nothing waits for a second person`);
        state = hold.state === 'asked' ? 'set' : 'lifted';
        if (isOnePerson(agreeing, (state === 'set' ? hold.askedBy : hold.liftAskedBy) ?? ''))
          throw new HoldRefused('same_person', 'the one who asked cannot agree: it takes a second person');
        await tx.query(
          state === 'set'
            ? 'UPDATE audit_hold SET set_by = $2, set_at = $3 WHERE hold_id = $1'
            : 'UPDATE audit_hold SET lifted_by = $2, lifted_at = $3 WHERE hold_id = $1',
          [id, agreeing, at],
        );
      },
      entry: (requestId, at) => ({
        body: retentionEntry({
          ...{ requestId, at, caller: by, reason, hold: id },
          act: state === 'set' ? 'hold_set' : 'hold_lifted',
        }),
        beside: {},
      }),
    });
    return state;
  }

  /** Resolves with every hold, the newest first. */
  async list(): Promise<readonly Hold[]> {
    const { rows } = await this.#options.sql.query<HoldRow>(`${SELECT_HOLDS} ORDER BY asked_at DESC, hold_id`);
    return rows.map(holdOf);
  }

  #change(
    id: string,
    {
      apply,
      entry,
    }: {
      readonly apply: (tx: SqlExecutor, at: string) => Promise<unknown>;
      readonly entry: (requestId: string, at: Date) => EntryDraft;
    },
  ): Promise<Appended> {
    const { log, clock } = this.#options;
    const at = clock.now();
    return log.appendChange({
      requestId: id,
      apply: (tx) => apply(tx, at.toISOString()),
      entry: () => entry(id, at),
    });
  }
}

/** How one person is named among others. An officer whose name is not known cannot take part. */
function personOf({ system, officer }: EntryLogReader): string {
  if (officer === null) throw new HoldRefused('no_name', 'a hold needs to know who you are');
  return `${system} ${officer}`;
}

/**
 * Whether two names are of one person. Names of accounts are compared without case and in one form (NFKC): a directory
 * takes `Aru` and `aru` for one account. Where that joins two officers whose ids differ in case only, a third can agree.
 */
function isOnePerson(one: string, other: string): boolean {
  return foldedName(one) === foldedName(other);
}

function foldedName(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}

interface HoldRow {
  readonly hold_id: string;
  readonly since: string | null;
  readonly before: string | null;
  readonly case_number: string | null;
  readonly agency: string | null;
  readonly is_of_person: boolean;
  readonly asked_by: string;
  readonly set_by: string | null;
  readonly lift_asked_by: string | null;
  readonly lifted_by: string | null;
}

const SELECT_HOLDS = `SELECT hold_id, since, before, case_number, agency, tokens IS NOT NULL AS is_of_person, asked_by, set_by, lift_asked_by, lifted_by FROM audit_hold`;

const TEXT: Readonly<Record<HoldState, string>> = {
  asked: 'asked for, and waits for a second person',
  set: 'set',
  lift_asked: 'to be lifted, and waits for a second person',
  lifted: 'lifted',
};

async function lockHold(tx: SqlExecutor, id: string): Promise<Hold> {
  const { rows } = await tx.query<HoldRow>(`${SELECT_HOLDS} WHERE hold_id = $1 FOR UPDATE`, [id]);
  if (rows[0] === undefined) throw new HoldRefused('unknown', `there is no hold ${id}`);
  return holdOf(rows[0]);
}

function holdOf(row: HoldRow): Hold {
  const { set_by: setBy, lift_asked_by: liftAskedBy, lifted_by: liftedBy } = row;
  return {
    id: row.hold_id,
    state: liftedBy !== null ? 'lifted' : liftAskedBy !== null ? 'lift_asked' : setBy !== null ? 'set' : 'asked',
    ...{ since: row.since, before: row.before, caseNumber: row.case_number, agency: row.agency },
    ...{ isOfPerson: row.is_of_person, askedBy: row.asked_by, setBy, liftAskedBy, liftedBy },
  };
}
