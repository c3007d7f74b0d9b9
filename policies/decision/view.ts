import type { Caller } from '../../schemas/vocabulary.js';
import type { Purposes } from './purposes.js';
import type { CategoryDecisions } from './permissions.js';

/**
 * What a caller may ever be shown, for any purpose and in anybody's case: its view of the schema. A
 * field outside it is unknown to this caller, as if the schema did not have it.
 */
export type CallerView = (caller: Caller, category: string) => boolean;

/** Views made of the rules themselves, purpose by purpose; `decisions` remembers what it decided. */
export function createCallerView({
  decisions,
  purposes,
}: {
  readonly decisions: CategoryDecisions;
  readonly purposes: Purposes;
}): CallerView {
  return (caller, category) =>
    purposes.names.some((purpose) =>
      [true, false].some(
        (ownCase) =>
          decisions.decide({ caller, purpose, category, access: 'disclose', ownCase }).permissions.length > 0,
      ),
    );
}
