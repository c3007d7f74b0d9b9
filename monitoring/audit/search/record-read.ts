import type { Clock } from '../../../schemas/ports/clock.js';
import type { Random } from '../../../schemas/ports/random.js';
import { auditReadEndEntry, auditReadEntry, type AuditReadBody } from '../entries.js';
import type { AuditLog } from '../port.js';

/** A reading of the log that is not a search, and who reads why. */
export type ReadRequest = Pick<AuditReadBody, 'act' | 'caller' | 'limit'> &
  Partial<Pick<AuditReadBody, 'filters' | 'entry' | 'reason' | 'case'>>;

export interface RecordingRead {
  readonly log: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
  readonly random: Random;
}

/** What was read, and how many rows of it are shown. */
export interface ReadRows<Result> {
  readonly result: Result;
  readonly rows: number;
}

/**
 * Records a reading of the log around it: `read` begins once the entry about the reading is committed, and the number of
 * rows is committed before this resolves. Rejects with `AuditUnavailable` if the log cannot be written, and with what
 * `read` rejects with; then the reading is recorded as failed.
 */
export async function recordRead<Result>(
  { log, clock, random }: RecordingRead,
  { act, caller, limit, filters = {}, reason = null, case: matter = null, entry }: ReadRequest,
  read: () => Promise<ReadRows<Result>>,
): Promise<Result> {
  const requestId = random.uuid();
  const end = (rows: number, ended: 'complete' | 'failed'): Promise<unknown> =>
    log.append({ body: auditReadEndEntry({ requestId, at: clock.now(), act, caller, rows, ended }), beside: {} });
  await log.append({
    body: auditReadEntry({
      ...{ requestId, at: clock.now(), act, caller, reason, case: matter, filters, subjects: [], limit },
      ...(entry === undefined ? {} : { entry }),
      continued: false,
    }),
    beside: {},
  });
  let found: ReadRows<Result>;
  try {
    found = await read();
  } catch (error) {
    // If the log cannot be written either, that the reading has no end says the same.
    await end(0, 'failed').catch(() => undefined);
    throw error;
  }
  await end(found.rows, 'complete');
  return found.result;
}
