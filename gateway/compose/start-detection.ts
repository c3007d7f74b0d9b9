import { openAudit } from '../../monitoring/audit/open-audit.js';
import { Detection } from '../../monitoring/detection/detection.js';
import type { Rule } from '../../monitoring/detection/read-rules.js';
import type { Config } from '../config/schema.js';
import type { AnchoredState } from './anchored-state.js';
import type { Opened } from './closing.js';
import type { AnchorPorts } from './open-anchor.js';

/** One follows and counts, one appends alerts. */
const CONNECTIONS = 2;

/** Follows the audit log by rules, over connections of its own and with a log of its own while it writes alerts. */
export function startDetection(
  { audit, authentication, jurisdiction }: Config,
  rules: readonly Rule[],
  state: Pick<AnchoredState, 'openPool'>,
  { clock, random, observer }: Pick<AnchorPorts, 'clock' | 'random' | 'observer'>,
  opened: Opened,
): void {
  const sql = state.openPool(CONNECTIONS);
  opened.add(() => sql.close());
  const holder = random.uuid();
  const detection = new Detection({
    ...{ sql, clock, random, observer, holder, rules },
    openLog: () => openAudit(audit, { sql, clock, random, observer, guard: async () => [], holder }),
    timeZone: jurisdiction.time_zone,
    dailyPersons: dailyPersonsOf(authentication),
  });
  opened.add(() => detection.close());
  detection.start();
}

/** Returns the number of each system that has one. Of two registrations with one client id, the smaller. */
function dailyPersonsOf({ systems }: Config['authentication']): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const { client_id: id, daily_persons: most } of systems)
    if (most !== undefined) numbers.set(id, Math.min(most, numbers.get(id) ?? most));
  return numbers;
}
