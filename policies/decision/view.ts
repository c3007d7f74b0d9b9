import type { Caller } from '../../schemas/vocabulary.js';
import type { Purposes } from './purposes.js';
import type { CategoryDecisions } from './permissions.js';

/**
 * Returns whether a caller may ever see a category, for any purpose, in any case and after the strongest
 * authentication: the caller's view of the schema. A field outside the view does not exist for this caller.
 */
export type CallerView = (caller: Caller, category: string) => boolean;

/** Derives the views from the rules: a category is in the view when some purpose has a permission to disclose it. */
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
          decisions.decide({ caller: { ...caller, assurance: 'high' }, purpose, category, access: 'disclose', ownCase })
            .permissions.length > 0,
      ),
    );
}
