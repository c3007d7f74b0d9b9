import type { CompletionBody, EntryRegister } from '../../monitoring/audit/entries.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { AccessRecord } from '../access/access-record.js';
import type { RegisterUse } from '../access/register-reads.js';
import { entryDisclosures } from './entry-disclosures.js';
import type { NexusOf } from './entry-nexus.js';

export interface DoneDependencies {
  readonly clock: Clock;
  readonly contractVersion: (register: string) => string;
}

/** How a request ended, as far as the record of what was done does not say it. */
export interface Ending {
  /** The code with which the request ended; undefined if it was answered. */
  readonly code: string | undefined;
  /** The nexus of the people of the entry. */
  readonly nexusOf: NexusOf;
  /** Verdicts on the records of a register. */
  readonly verdictsOf?: (register: string) => EntryRegister['verdicts'];
}

/** Returns what a completion states of what was done, however the request ended. */
export function doneOf(
  access: AccessRecord,
  { code, nexusOf, verdictsOf = () => ({}) }: Ending,
  { clock, contractVersion }: DoneDependencies,
): Pick<CompletionBody, 'disclosed' | 'registers'> & {
  readonly protected: number;
  readonly protectedDwellings: number;
} {
  const now = { monotonic: clock.monotonic(), iso: clock.now().toISOString() };
  return {
    protected: access.absent,
    protectedDwellings: access.hiddenDwellings,
    disclosed: entryDisclosures(access.disclosures, nexusOf),
    registers: access.registersAt(now).map((use) => ({
      ...entryRegister(use, code),
      contract: contractVersion(use.register),
      verdicts: verdictsOf(use.register),
    })),
  };
}

/** Returns the people of a completion. */
export function peopleOf(access: AccessRecord): readonly string[] {
  return access.subjects.map(({ id }) => id);
}

function entryRegister(use: RegisterUse, code: string | undefined): Omit<EntryRegister, 'contract' | 'verdicts'> {
  const { register, calls, callIds, failure: known, reason, brokenOff, durationMs, beyondGrant } = use;
  const failure = known ?? (brokenOff ? (code ?? null) : null);
  return {
    register,
    calls,
    callIds,
    requestOutTs: use.requestOutTs,
    responseInTs: use.responseInTs,
    records: use.records,
    outcome: failure === null ? 'answered' : 'failed',
    failure,
    ...(reason === undefined ? {} : { reason }),
    durationMs: Math.round(durationMs),
    beyondGrant,
    ...(use.identifierInAddress ? { identifierInAddress: true as const } : {}),
  };
}
