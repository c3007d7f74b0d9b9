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
  const joined = new JoinedOutcomes();
  for (const disclosing of [false, true])
    for (const { asked, outcome } of outcomes)
      if ((asked.access === 'disclose') === disclosing) joined.add(asked, outcome);
  return joined.answer();
}

/** Returns what is only read before what is disclosed. */
export function disclosuresLast(asked: readonly CategoryAccess[]): readonly CategoryAccess[] {
  return [
    ...asked.filter(({ access }) => access !== 'disclose'),
    ...asked.filter(({ access }) => access === 'disclose'),
  ];
}

/** The same step by step. Outcomes must be added with the disclosures last. */
export class JoinedOutcomes {
  readonly #granted = new Map<string, Grant>();
  #withheld: Map<string, Withheld> | undefined;

  add({ category }: CategoryAccess, outcome: Outcome): void {
    if ('grant' in outcome) this.#granted.set(category, outcome.grant);
    else if (this.#withheld?.get(category)?.code !== 'POLICY_DENIED')
      (this.#withheld ??= new Map()).set(category, outcome.withheld);
  }

  answer(): GateAnswer {
    const withheld = this.#withheld ?? NOTHING;
    for (const category of withheld.keys()) this.#granted.delete(category);
    return { granted: this.#granted, withheld };
  }
}

const NOTHING: ReadonlyMap<string, Withheld> = new Map();
