import type { NumberedCall } from '../adapters/port.js';
import { AccessRecord } from '../gateway/access/access-record.js';
import type { RegisterRead, RegisterUse } from '../gateway/access/register-reads.js';

/** A read of a register in a record that no test looks at. */
export const someCalls = (): RegisterRead => new AccessRecord('request-1').beginRead('any', 0, { all: [] });

/** A message of such a read. */
export const someMessage = (): NumberedCall => someCalls().next({ carriesId: true });

/** How registers were used, where every read has ended. */
export const registersOf = (record: AccessRecord): readonly RegisterUse[] =>
  record.registersAt({ monotonic: 0, iso: '2026-11-23T10:00:00.000Z' });
