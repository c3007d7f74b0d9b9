import type { Clock } from '../../../schemas/ports/clock.js';
import type { Random } from '../../../schemas/ports/random.js';
import { auditReadEndEntry, auditReadEntry, type AuditReadBody, type AuditReadEndBody } from '../entries.js';
import type { AuditLog } from '../port.js';
import { committedPerson, type SearchedPerson } from '../search/searched-person.js';

/** An export of entries, and who makes it why. */
export type ExportRequest = Pick<AuditReadBody, 'caller' | 'reason' | 'case' | 'filters' | 'limit'> &
  Required<Pick<AuditReadBody, 'format'>> &
  Pick<AuditReadBody, 'approval'> & {
    /** The person whose entries are exported. */
    readonly person?: SearchedPerson | undefined;
  };

export interface RecordingExport {
  readonly log: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
  readonly random: Random;
}

/** The export that is under way. */
export interface RecordedExport {
  /** Its entries are of this request. */
  readonly id: string;
  /** Says how many entries have left so far: an export that fails is recorded with them. */
  readonly recordProgress: (entries: number) => void;
  /** How many these are. */
  readonly written: () => number;
}

/**
 * Records an export around its writing: `write` begins once the entry about the export is committed, and the number of
 * entries that it resolves with is committed before this resolves. Rejects with `AuditUnavailable` if the log cannot be
 * written, and with what `write` rejects with; then the export is recorded as failed.
 */
export async function recordExport<Result extends { readonly entries: number }>(
  { log, clock, random }: RecordingExport,
  { person, ...request }: ExportRequest,
  write: (recorded: RecordedExport) => Promise<Result>,
): Promise<Result> {
  const act = 'audit_exported';
  const requestId = random.uuid();
  const end = (rows: number, ended: AuditReadEndBody['ended']): Promise<unknown> =>
    log.append({
      body: auditReadEndEntry({ requestId, at: clock.now(), act, caller: request.caller, rows, ended }),
      beside: {},
    });
  const { subjects, beside } = committedPerson(person, random);
  await log.append({
    body: auditReadEntry({ requestId, at: clock.now(), act, subjects, continued: false, ...request }),
    beside,
  });
  let written = 0;
  let result: Result;
  try {
    result = await write({
      id: requestId,
      recordProgress: (entries) => (written = entries),
      written: () => written,
    });
  } catch (error) {
    // If the log cannot be written either, that the export has no end says the same.
    await end(written, 'failed').catch(() => undefined);
    throw error;
  }
  await end(result.entries, 'complete');
  return result;
}
