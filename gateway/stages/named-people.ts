import type { Handles } from '../../policies/disclosure/port.js';
import type { NamedPeople } from '../request.js';
import { isAdmitted, isAuthenticated, isAuthorized, isPlanned, type Reached } from '../request.js';
import type { PlannedDocument } from '../planning/plan.js';
import { mentionedIn } from './mentioned-people.js';

/**
 * The people that the entry of a refusal names at most. A question has at most that many root fields
 * (`limits.document.root_fields`), so only a request that cannot be answered names more.
 */
export const MAX_NAMED = 100;

/** Returns the people that the subject arguments of a question name, by number or by handle, each once. */
export function namedBy(
  { rootSubjects }: Pick<PlannedDocument, 'rootSubjects'>,
  variables: Readonly<Record<string, unknown>>,
): NamedPeople {
  const valuesOf = (wanted: 'identifier' | 'handle'): readonly string[] => {
    const values = rootSubjects.flatMap(({ form, source }) =>
      form === wanted && source ? [variables[source.variable]] : [],
    );
    return [...new Set(values.filter((value) => typeof value === 'string'))];
  };
  return { numbers: valuesOf('identifier'), handles: valuesOf('handle') };
}

/** The people of a refusal's entry. */
export interface RefusedPeople {
  readonly identifiers: readonly string[];
  /** Whether the request named more people than an entry takes. */
  readonly more: boolean;
}

/**
 * Resolves with the people that a refused request named, as far as it came. Before it was planned, these
 * are all possible numbers and all handles in its body. A handle counts for any caller, so that the use of
 * another caller's handle is found by person; the caller learns nothing of this.
 */
export async function refusedPeople(reached: Reached, handles: Pick<Handles, 'people'>): Promise<RefusedPeople> {
  const named = namedAsFar(reached);
  const own = isAuthenticated(reached) && reached.caller.person !== undefined ? [reached.caller.person] : [];
  const behind = isAuthorized(reached) ? reached.subjects : await peopleBehind(named.handles, handles);
  const all = [...new Set([...own, ...named.numbers, ...behind])];
  return { identifiers: all.slice(0, MAX_NAMED), more: all.length > MAX_NAMED || named.handles.length > MAX_NAMED };
}

function namedAsFar(reached: Reached): NamedPeople {
  if (isPlanned(reached)) return reached.named;
  return isAdmitted(reached) ? mentionedIn(reached.body, MAX_NAMED) : { numbers: [], handles: [] };
}

async function peopleBehind(named: readonly string[], handles: Pick<Handles, 'people'>): Promise<readonly string[]> {
  return named.length === 0 ? [] : handles.people(named.slice(0, MAX_NAMED));
}
