import type { CategoryAccess, GateAnswer, Grant, Withheld } from '../../schemas/ports/gate.js';

/** What was found for one category of one subject. */
export type Outcome = { readonly grant: Grant } | { readonly withheld: Withheld };

/**
 * Joins the outcomes of a subject by category. Where a category was asked for reading and for
 * disclosing, both must hold: what is granted is granted for everything asked, on the ground of the
 * disclosure; of two reasons to withhold the one that no consent can lift is told.
 */
export function joinOutcomes(
  outcomes: readonly { readonly asked: CategoryAccess; readonly outcome: Outcome }[],
): GateAnswer {
  const granted = new Map<string, Grant>();
  const withheld = new Map<string, Withheld>();
  const disclosuresLast = [...outcomes].sort(
    (a, b) => Number(a.asked.access === 'disclose') - Number(b.asked.access === 'disclose'),
  );
  for (const { asked, outcome } of disclosuresLast) {
    if ('grant' in outcome) granted.set(asked.category, outcome.grant);
    else if (withheld.get(asked.category)?.code !== 'POLICY_DENIED') withheld.set(asked.category, outcome.withheld);
  }
  for (const category of withheld.keys()) granted.delete(category);
  return { granted, withheld };
}
