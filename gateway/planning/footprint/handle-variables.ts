import type { RootSubject } from '../plan.js';

/** Variables whose value is a person handle, to be replaced before any register is called. Each once. */
export function handleVariablesOf(rootSubjects: readonly RootSubject[]): readonly string[] {
  const variables = rootSubjects.flatMap(({ form, source }) =>
    form === 'handle' && source && 'variable' in source ? [source.variable] : [],
  );
  return [...new Set(variables)];
}
