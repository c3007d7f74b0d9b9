import type { Finding } from '../ports/quality.js';

/** Returns the finding on a field whose value is not of its type. `rule`: id of the rule that it broke. */
export function wrongFinding(
  { name, rule }: { readonly name: string; readonly rule: string },
  critical: ReadonlySet<string>,
): Finding {
  return { rule, dimension: 'conformity', severity: critical.has(name) ? 'error' : 'warning', field: name };
}
