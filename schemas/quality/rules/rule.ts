/** What a rule may use in addition to the record. */
export interface RuleContext {
  /** Civil date of fact time, `YYYY-MM-DD`. */
  readonly factDate: string;
}

/** The contract's arguments of one use of a rule. */
export type RuleArguments = Readonly<Record<string, unknown>>;

/**
 * A rule of its own kind, beyond what a schema of one field can say. Pure. The compiled check runs
 * it only when all its inputs were granted, fetched and are not null.
 */
export interface Rule {
  /** Fields that it reads, from the contract's arguments; the first is where a finding points. */
  inputs(use: RuleArguments): readonly string[];
  /** Returns true when the record keeps the rule. */
  holds(record: Readonly<Record<string, unknown>>, use: RuleArguments, context: RuleContext): boolean;
}

/** An argument that names a field. Throws when the contract lacks it: a load-time fault. */
export function fieldArgument(use: RuleArguments, name: string): string {
  const value = use[name];
  if (typeof value !== 'string' || value === '') throw new Error(`the rule needs the argument "${name}"`);
  return value;
}

/** A value as text; anything else is judged by the schema of its field, not by a rule. */
export function textOf(record: Readonly<Record<string, unknown>>, field: string): string {
  const value = record[field];
  return typeof value === 'string' ? value : String(value);
}
