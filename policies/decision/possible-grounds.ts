import type { Access, AgeClass, Basis, NexusKind } from '../../schemas/vocabulary.js';
import { mayApply, type PossibleCaller } from './may-apply.js';
import { NEXUS_KINDS } from './permissions.js';
import type { NexusWord } from './port.js';
import type { PolicyText } from './policy-set.js';
import type { Purpose } from './purposes.js';

/** A basis on which some caller may have a category, with the policies that can determine it. */
export interface PossibleGround {
  readonly category: string;
  readonly access: Access;
  readonly basis: Basis;
  /** Undefined for consent, and on another basis for data about no person. */
  readonly nexus: NexusKind | undefined;
  readonly policies: readonly string[];
}

const ACCESSES: readonly Access[] = ['read', 'disclose'];
const AGES: readonly AgeClass[] = ['minor', 'adult'];
const OF_CONSENT: readonly NexusWord[] = ['none'];
const OF_LAW: readonly NexusWord[] = [...NEXUS_KINDS, 'no_subject'];

/**
 * Returns the grounds on which decisions for a purpose can rest, for any caller: never too few, perhaps
 * too many. What is not known of a question counts as if it held, and no `forbid` counts. Two grounds
 * may differ in their policies only: those for minors and those for adults.
 */
export function possibleGrounds(
  policies: readonly PolicyText[],
  purpose: Pick<Purpose, 'name' | 'bases'>,
  categories: Iterable<string>,
): readonly PossibleGround[] {
  const permits = policies.filter(
    ({ effect, json }) => effect === 'permit' && mayApply(json, { purpose: purpose.name }),
  );
  const ties = purpose.bases.flatMap((basis) =>
    (basis === 'consent' ? OF_CONSENT : OF_LAW).map((nexus) => ({ basis, nexus })),
  );
  return [...categories].flatMap((category) =>
    ACCESSES.flatMap((access) =>
      ties.flatMap((tie) => {
        const lists = AGES.map((age) =>
          permits
            .filter(({ json }) => mayApply(json, { category, access, purpose: purpose.name, age, ...tie }))
            .map(({ id }) => id),
        );
        const nexus = tie.nexus === 'none' || tie.nexus === 'no_subject' ? undefined : tie.nexus;
        return distinct(lists).map((ids) => ({ category, access, basis: tie.basis, nexus, policies: ids }));
      }),
    ),
  );
}

/**
 * Returns the policies on which this caller may use a purpose, for data or for handles: never too few,
 * perhaps too many, like {@link possibleGrounds}.
 */
export function possiblePermits(
  policies: readonly PolicyText[],
  purpose: Pick<Purpose, 'name' | 'bases'>,
  caller: PossibleCaller,
): readonly string[] {
  return policies
    .filter(
      ({ effect, json }) =>
        effect === 'permit' &&
        purpose.bases.some((basis) => mayApply(json, { purpose: purpose.name, basis, principal: caller })),
    )
    .map(({ id }) => id);
}

/** Returns the lists of policies that different people of one caller can meet. With one policy there is only one. */
function distinct(lists: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const found = lists.filter(({ length }) => length > 0);
  const [first] = found;
  return found.every((ids) => ids.length === 1 && ids[0] === first?.[0]) ? found.slice(0, 1) : found;
}
