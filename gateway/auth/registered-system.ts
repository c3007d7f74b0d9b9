import type { AgencyClient } from '../../policies/decision/consentable.js';
import { textFault } from '../../schemas/caller-texts/text-fault.js';
import { isIin } from '../../schemas/identifiers/iin.js';
import { Refusal } from '../../schemas/refusal.js';
import type { Agency, Caller } from '../../schemas/vocabulary.js';
import type { AuthenticationConfig, SystemConfig } from '../config/parts/authentication.js';
import type { AccessToken } from './access-token.js';
import { assuranceOf } from './assurance.js';

/**
 * Returns the caller of a token: the client as registered for its issuer, and the party for which the
 * client acts.
 *
 * - `system`, `ai`: the client acts for itself (`sub` is the client).
 * - `officer`: `sub` is the officer, by an id that may stand in the log: not a person's number. If the token names an actor, it is the client (RFC 8693).
 * - `citizen`: `sub` is not the client, and claim `iin` is the number of the person.
 *
 * @throws Refusal `CALLER_NOT_REGISTERED`, or `UNAUTHENTICATED` if a token does not fit the kind of its client.
 */
export function createRegistry({
  systems,
  agencies,
  issuers,
}: Pick<AuthenticationConfig, 'systems' | 'agencies' | 'issuers'>) {
  return (token: AccessToken): Caller => {
    const system = systems.find(
      ({ client_id, issuer }) => client_id === token.clientId && (issuer ?? token.issuer) === token.issuer,
    );
    if (system === undefined) throw new Refusal('CALLER_NOT_REGISTERED');
    const common = { system: system.client_id, assurance: assuranceOf(token, issuers) };
    if (system.kind === 'citizen') return { ...common, kind: 'citizen', person: personOf(token) };
    return { ...common, kind: system.kind, agency: agencyOf(system, agencies), ...officerOf(system, token) };
  };
}

/** Returns the registered clients that act for agencies. */
export function agencyClients({
  systems,
  agencies,
}: Pick<AuthenticationConfig, 'systems' | 'agencies'>): readonly AgencyClient[] {
  return systems
    .filter(({ kind }) => kind !== 'citizen')
    .map((system) => ({ system: system.client_id, kind: system.kind, agency: agencyOf(system, agencies) }));
}

function agencyOf(system: SystemConfig, agencies: AuthenticationConfig['agencies']): Agency {
  const agency = agencies.find(({ id }) => id === system.agency);
  if (agency === undefined) throw new Refusal('CALLER_NOT_REGISTERED', { reasons: ['agency'] });
  return { id: agency.id, bin: agency.bin };
}

function officerOf({ kind, client_id }: SystemConfig, { subject, actor }: AccessToken): { officer?: string } {
  if (kind === 'officer') {
    if (subject === client_id || textFault(subject) !== undefined) throw unfit('sub');
    if (actor !== undefined && actor !== client_id) throw unfit('act');
    return { officer: subject };
  }
  if (subject !== client_id) throw unfit('sub');
  if (actor !== undefined) throw unfit('act');
  return {};
}

function personOf({ clientId, subject, actor, person }: AccessToken): string {
  if (subject === clientId) throw unfit('sub');
  if (actor !== undefined) throw unfit('act');
  if (typeof person !== 'string' || !isIin(person)) throw unfit('iin');
  return person;
}

function unfit(claim: string): Refusal {
  return new Refusal('UNAUTHENTICATED', { reasons: [`token_${claim}`] });
}
