import type { Access, Caller } from '../../schemas/vocabulary.js';
import type { CategoryDecisions } from './permissions.js';

/**
 * Returns those of these categories that no rule opens to this agency for this purpose by consent. A consent to one of
 * them would open nothing, to no client of the agency.
 */
export type ClosedToConsent = (asked: {
  readonly agency: string;
  readonly purpose: string;
  readonly categories: readonly string[];
}) => readonly string[];

/** A registered client that acts for an agency. */
export type AgencyClient = Required<Pick<Caller, 'agency'>> & Pick<Caller, 'system' | 'kind'>;

const ACCESSES: readonly Access[] = ['disclose', 'read'];

/**
 * Derives from the rules what a consent can open: to some client of the agency, in its own case, to read or to disclose,
 * about a person of some age.
 */
export function createClosedToConsent({
  decisions,
  clients,
}: {
  readonly decisions: CategoryDecisions;
  readonly clients: readonly AgencyClient[];
}): ClosedToConsent {
  const canBeOpened = (caller: Caller, purpose: string, category: string): boolean =>
    ACCESSES.some((access) =>
      decisions
        .decide({ caller, purpose, category, access, ownCase: true })
        .permissions.some(({ basis }) => basis === 'consent'),
    );
  return ({ agency, purpose, categories }) => {
    const callers = clients
      .filter((client) => client.agency.id === agency)
      .map((client): Caller => ({ ...client, assurance: 'high' }));
    return categories.filter((category) => !callers.some((caller) => canBeOpened(caller, purpose, category)));
  };
}
