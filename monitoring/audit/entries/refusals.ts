import { commonFields, type CommonFields, type EntryFacts } from './every-entry.js';

/**
 * Refusals that are counted: one entry per second, code and source, and system where the caller is known. These are
 * refusals before authentication, and those of a known caller beyond its rate.
 */
export interface RefusalsBody extends CommonFields<'refusals'> {
  readonly code: string;
  /** Network source (address of the peer). */
  readonly source: string;
  /** The known caller; left out before authentication. A citizen has no agency. */
  readonly agency?: string;
  readonly system?: string;
  readonly count: number;
}

/** Returns the entry that counts refusals. */
export function refusalsEntry({
  code,
  source,
  agency,
  system,
  count,
  ...facts
}: EntryFacts<RefusalsBody>): RefusalsBody {
  return {
    ...commonFields('refusals', facts),
    code,
    source,
    ...(agency === undefined ? {} : { agency }),
    ...(system === undefined ? {} : { system }),
    count,
  };
}
