import type { OfficersConfig } from './parts/officers.js';

/** Roles of which something needs a second officer. */
const ASKING = ['search', 'export', 'identify'] as const;

/**
 * Returns the agencies of officers who have no possible second officer: no other officer with role `second` is of the same
 * agency or `national`. What needs an approval can never be done there.
 */
export function agenciesWithoutSecond({ people }: Pick<OfficersConfig, 'people'>): readonly string[] {
  const unseconded = people.filter(
    (asker) =>
      ASKING.some((role) => asker.roles.includes(role)) &&
      !people.some(
        (other) =>
          other !== asker &&
          other.roles.includes('second') &&
          (other.agency === asker.agency || other.roles.includes('national')),
      ),
  );
  return [...new Set(unseconded.map(({ agency }) => agency))].sort();
}
