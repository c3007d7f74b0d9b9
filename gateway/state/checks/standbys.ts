import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { StateFailure } from '../state-failure.js';

/** The standbys of the state database, as far as its runtime role can see them. */
export interface Standbys {
  /** Standbys that a commit waits for; 0 if it waits for none. */
  readonly required: number;
  /** Connected standbys that could be among these. */
  readonly candidates: number;
  /** Connected standbys that a commit waits for. */
  readonly synchronous: number;
  /** False if the role can only count connections of replication, and not tell what each of them is. */
  readonly areTold: boolean;
}

/**
 * Returns what the server says of its standbys. `pg_stat_replication` shows every role one row for each connection, but
 * its state only to members of `pg_read_all_stats`; without that, every connection counts as a synchronous standby.
 */
export async function readStandbys(sql: SqlExecutor): Promise<Standbys> {
  const { rows } = await sql.query<StandbyRow>(READ);
  const { names = '', told = false, senders = '0', candidates = '0', synchronous = '0' } = rows[0] ?? {};
  return {
    required: requiredBy(names),
    candidates: Number(told ? candidates : senders),
    synchronous: Number(told ? synchronous : senders),
    areTold: told,
  };
}

interface StandbyRow {
  readonly names: string;
  readonly told: boolean;
  readonly senders: string;
  readonly candidates: string;
  readonly synchronous: string;
}

const READ = `
SELECT current_setting('synchronous_standby_names') AS names,
       pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS told,
       count(*) AS senders,
       count(*) FILTER (WHERE state = 'streaming' AND sync_state IN ('sync', 'quorum', 'potential')) AS candidates,
       count(*) FILTER (WHERE state = 'streaming' AND sync_state IN ('sync', 'quorum')) AS synchronous
FROM pg_stat_replication`;

/** The number in `FIRST 1 (a, b)`, `ANY 2 (*)` or `2 (a, b)`; a plain list means one (PostgreSQL manual, section 20.6.2). */
function requiredBy(names: string): number {
  if (names.trim() === '') return 0;
  return Number(/^\s*(?:(?:FIRST|ANY)\s+)?(\d+)\s*\(/i.exec(names)?.[1] ?? 1);
}

/** Refuses a database whose commits wait for no standby, or for more than are connected. */
export function assertReplicated({ required, synchronous }: Standbys): void {
  if (required === 0) {
    throw new StateFailure('NOT_REPLICATED', 'commits of the state database wait for no standby', {
      hint: 'Set synchronous_standby_names on its server, or accept that a lost server loses entries: `audit.durability: single_node`, which every receipt then repeats.',
    });
  }
  if (synchronous < required) {
    throw new StateFailure(
      'NOT_REPLICATED',
      `commits of the state database wait for ${required} standby(s), and ${synchronous} are connected`,
      { hint: 'Start the standbys that synchronous_standby_names names.' },
    );
  }
}

/** Whether the loss of one standby stops every commit, and with it every question. */
export function isOneFromStanding({ required, candidates }: Standbys): boolean {
  return required > 0 && candidates <= required;
}
