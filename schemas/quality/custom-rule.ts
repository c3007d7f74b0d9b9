import { z } from 'zod';
import type { QualityRule } from './contract.js';
import type { Rule, RuleArguments } from './rules/rule.js';
import { RULES } from './rules/rules.js';

const customRule = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  implementation: z.looseObject({ rule: z.string() }),
  dimension: z.enum(['accuracy', 'completeness', 'conformity', 'consistency', 'coverage', 'timeliness', 'uniqueness']),
  severity: z.enum(['info', 'warning', 'error']),
});

/** A rule for Tereze (`type: custom`, `engine: tereze`). */
export interface CustomRule extends Omit<z.output<typeof customRule>, 'implementation'> {
  /** Its name among the rules of Tereze. */
  readonly name: string;
  readonly rule: Rule;
  readonly use: RuleArguments;
  /** Fields that it reads. */
  readonly inputs: readonly string[];
}

/** Whether a rule of `quality` is one for Tereze. */
export function isForTereze({ type, engine }: QualityRule): boolean {
  return type === 'custom' && engine === 'tereze';
}

/**
 * Reads a rule for Tereze. `field` is the argument of that name unless the rule has its own. Throws for an unknown rule
 * and for wrong arguments: the standard leaves them to the engine, and a mistake in them must not pass for a rule.
 */
export function readCustomRule(quality: QualityRule, field: string | undefined): CustomRule {
  const read = customRule.safeParse(quality);
  if (!read.success) throw new Error(z.prettifyError(read.error).replaceAll(/\s*\n\s*/g, ' '));
  const { id, dimension, severity, implementation } = read.data;
  const { rule: name, ...ownUse } = implementation;
  const rule = RULES.get(name);
  if (rule === undefined) throw new Error(`there is no rule "${name}": there are ${[...RULES.keys()].join(', ')}`);
  const use = field === undefined ? ownUse : { field, ...ownUse };
  return { id, dimension, severity, name, rule, use, inputs: rule.inputs(use) };
}
