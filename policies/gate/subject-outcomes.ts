import type { CategoryAccess, GateAnswer, Grant, Withheld } from '../../schemas/ports/gate.js';

/** The outcome for one category of one subject. */
export type Outcome = { readonly grant: Grant } | { readonly withheld: Withheld };

/**
 * Joins the outcomes of a subject by category. If a category was asked for reading and for disclosing,
 * both must be granted; the grant is then that of the disclosure. Of two reasons to withhold, the answer
 * has the one that no consent can lift.
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
