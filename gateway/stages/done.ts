import {
  entryCallIds,
  type CompletionBody,
  type EntryDisclosure,
  type EntryRegister,
} from '../../monitoring/audit/entries.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { AccessRecord } from '../access/access-record.js';
import type { RegisterUse } from '../access/register-reads.js';
import { entryDisclosures } from './entry-disclosures.js';
import { uncommitted, type CommittedPerson } from './commit-subjects.js';
import { entryNexus } from './entry-nexus.js';

export interface DoneDependencies {
  readonly clock: Clock;
  readonly contractVersion: (register: string) => string;
}

/** How a request ended, as far as the record of what was done does not say it. */
export interface Ending {
  /** The code with which the request ended; undefined if it was answered. */
  readonly code: string | undefined;
  /** Verdicts on the records of a register. */
  readonly verdictsOf?: (register: string) => EntryRegister['verdicts'];
}

/**
 * Returns what a completion states of what was done, however the request ended. It is as long as in the entry: the evidence
 * in `disclosed` stands there when {@link proveDisclosures} has put it in.
 */
export function doneOf(
  access: AccessRecord,
  { code, verdictsOf = () => ({}) }: Ending,
  { clock, contractVersion }: DoneDependencies,
): Pick<CompletionBody, 'disclosed' | 'registers'> & {
  readonly protected: number;
  readonly protectedDwellings: number;
} {
  const nexusOf = entryNexus(access, uncommitted(peopleOf(access)), { isMeasured: true });
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

/**
 * Returns disclosures of {@link doneOf} with the evidence of each nexus under the salts of these people, the first of the
 * request. People that the entry has no room for are left out, and a disclosure that was only about them.
 */
export function proveDisclosures(
  disclosed: readonly EntryDisclosure[],
  access: AccessRecord,
  people: readonly CommittedPerson[],
): readonly EntryDisclosure[] {
  const nexusOf = entryNexus(access, people, { leftOut: peopleOf(access).slice(people.length) });
  return disclosed.flatMap((one) => {
    const kept = one.subjects.flatMap((position, item) => (position < people.length ? [item] : []));
    if (kept.length === 0 && one.subjects.length > 0) return [];
    const subjects = itemsAt(kept, one.subjects);
    const [first] = subjects;
    const nexus = one.nexus === null || first === undefined ? null : nexusOf(one.nexus.kind, first);
    return [{ ...one, nexus, consents: itemsAt(kept, one.consents), subjects }];
  });
}

/** Returns the items at these positions; none of an empty list. */
function itemsAt<Item>(positions: readonly number[], items: readonly Item[]): readonly Item[] {
  return positions.flatMap((position) => items.slice(position, position + 1));
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
    ...entryCallIds(callIds),
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
