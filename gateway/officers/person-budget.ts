import type { Clock } from '../../schemas/ports/clock.js';
import type { SqlExecutor } from '../../schemas/ports/sql.js';
import { Refusal } from '../../schemas/refusal.js';
import { civilDateAt, startOfDay } from '../../schemas/time/start-of-day.js';
import type { OfficerId } from './officer.js';

/** How many searches for people an officer may still make today. Shared by all replicas. */
export interface PersonBudget {
  /**
   * Counts a search for a person before it is made. A search that then fails stays counted.
   *
   * @throws Refusal `SEARCH_BUDGET_SPENT` with the end of the day; `SqlFailure` if it cannot be counted: then the search
   * must not be made.
   */
  spend(officer: OfficerId): Promise<void>;
}

export interface PersonBudgetOptions {
  readonly sql: SqlExecutor;
  readonly clock: Clock;
  /** The civil day is that of this zone. */
  readonly timeZone: string;
  readonly perDay: number;
}

/** One row for each officer and day. Two searches at once wait for each other, so that none is counted twice or not at all. */
const SPEND = `
INSERT INTO officer_person_search AS spent (issuer, subject, day, searches) VALUES ($1, $2, $3, 1)
ON CONFLICT (issuer, subject, day) DO UPDATE SET searches = spent.searches + 1 WHERE spent.searches < $4
RETURNING searches`;

/** The budget in PostgreSQL. Days are those of real time in the zone of the jurisdiction. */
export function createPersonBudget({ sql, clock, timeZone, perDay }: PersonBudgetOptions): PersonBudget {
  return {
    async spend({ issuer, subject }) {
      const day = civilDateAt(clock.now(), timeZone);
      const { rows } = await sql.query(SPEND, [issuer, subject, day, perDay]);
      if (rows.length > 0) return;
      throw new Refusal('SEARCH_BUDGET_SPENT', { endsAt: startOfDay(day, timeZone, 1).toISOString() });
    },
  };
}
