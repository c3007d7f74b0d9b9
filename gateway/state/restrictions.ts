import type { Clock } from '../../schemas/ports/clock.js';
import type {
  NumberedRestriction,
  Restriction,
  RestrictionCounter,
  RestrictionKind,
} from '../../schemas/ports/restrictions.js';
import type { Sql, SqlExecutor } from '../../schemas/ports/sql.js';

/** Returns the counter of restrictions over the tables `restriction_counter` and `restriction`. */
export function createRestrictionCounter(clock: Clock): RestrictionCounter {
  return {
    note: async (tx, { kind, id, revision }) => {
      const { rows } = await tx.query<{ readonly number: string }>(NOTE, [
        kind,
        id,
        revision,
        clock.now().toISOString(),
      ]);
      return Number(onlyRow(rows).number);
    },
    noted: async (tx, id) => {
      const { rows } = await tx.query<{ readonly number: string | null }>(
        `SELECT max(number) AS number FROM restriction
         WHERE id = $1 AND made_at > (SELECT coalesce(accepted_at, '-infinity') FROM state_epoch)`,
        [id],
      );
      const { number } = onlyRow(rows);
      return number === null ? undefined : Number(number);
    },
  };
}

const NOTE = `
WITH counted AS (UPDATE restriction_counter SET number = number + 1 RETURNING number)
INSERT INTO restriction (number, kind, id, revision, made_at)
SELECT number, $1, $2, $3, $4 FROM counted RETURNING number`;

/** Notes many restrictions, in this order. Resolves with the number of the newest restriction after it. */
export async function noteRestrictions(
  tx: SqlExecutor,
  restrictions: readonly Restriction[],
  at: Date,
): Promise<number> {
  const { rows } = await tx.query<{ readonly number: string }>(
    `WITH counted AS (UPDATE restriction_counter SET number = number + $4 RETURNING number),
     noted AS (
       INSERT INTO restriction (number, kind, id, revision, made_at)
       SELECT number - $4 + place, kind, id, revision, $5
       FROM counted CROSS JOIN unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY AS one (kind, id, revision, place))
     SELECT number FROM counted`,
    [
      restrictions.map(({ kind }) => kind),
      restrictions.map(({ id }) => id),
      restrictions.map(({ revision }) => revision),
      restrictions.length,
      at.toISOString(),
    ],
  );
  return Number(onlyRow(rows).number);
}

/**
 * Takes over restrictions that another history of this database numbered, one for each number, and
 * counts on from `counter`.
 */
export async function adoptRestrictions(
  owner: SqlExecutor,
  restrictions: readonly NumberedRestriction[],
  counter: number,
  at: Date,
): Promise<void> {
  const adopted = [...new Map(restrictions.map((one) => [one.number, one])).values()];
  await owner.query(
    `INSERT INTO restriction (number, kind, id, revision, made_at)
     SELECT number, kind, id, revision, $5 FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[]) AS one (number, kind, id, revision)
     ON CONFLICT (number) DO UPDATE SET kind = excluded.kind, id = excluded.id, revision = excluded.revision, made_at = excluded.made_at`,
    [
      adopted.map(({ number }) => number),
      adopted.map(({ kind }) => kind),
      adopted.map(({ id }) => id),
      adopted.map(({ revision }) => revision),
      at.toISOString(),
    ],
  );
  await owner.query('UPDATE restriction_counter SET number = greatest(number, $1)', [counter]);
}

interface RestrictionRow {
  readonly number: string;
  readonly kind: RestrictionKind;
  readonly id: string;
  readonly revision: string;
}

/** Returns the restrictions whose number is above `after`, in order. Those that were dropped for their age are missing. */
export async function readRestrictions(sql: SqlExecutor, after: number): Promise<readonly NumberedRestriction[]> {
  const { rows } = await sql.query<RestrictionRow>(
    'SELECT number, kind, id, revision FROM restriction WHERE number > $1 ORDER BY number',
    [after],
  );
  return rows.map(({ number, kind, id, revision }) => ({
    number: Number(number),
    kind,
    id,
    revision: Number(revision),
  }));
}

const DAY_MS = 86_400_000;

/** Deletes the restrictions that are older than these days. Resolves with their number. */
export async function dropOldRestrictions(sql: Sql, clock: Clock, journalDays: number): Promise<number> {
  const { count } = await sql.query('DELETE FROM restriction WHERE made_at < $1', [
    new Date(clock.now().getTime() - journalDays * DAY_MS).toISOString(),
  ]);
  return count;
}

function onlyRow<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error('a statement about restrictions returned no row');
  return row;
}
