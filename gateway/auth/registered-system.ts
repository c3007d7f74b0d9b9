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
 * - `system`, `ai`: the client acts for itself (`sub` is the client); or, where its registration says `actor: allowed` or
 *   `required` and its issuer may name officers, for an officer: `sub` is the officer, by an id that may stand in the log,
 *   and the token names the client as the only actor (RFC 8693, section 4.1).
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
    return {
      ...common,
      kind: system.kind,
      agency: agencyOf(system, agencies),
      ...partyOf(system, token, issuers),
      ...(system.model === undefined ? {} : { model: system.model }),
    };
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

/** Returns the officer that the client acts for: as `officer` where officers sign in, as `actor` elsewhere; neither for a client that acts for itself. */
function partyOf(
  system: SystemConfig,
  token: AccessToken,
  issuers: AuthenticationConfig['issuers'],
): Pick<Caller, 'officer' | 'actor'> {
  const { subject, actor } = token;
  const { client_id: client } = system;
  if (system.kind === 'officer') {
    const officer = officerOf(token, client);
    if (actor !== undefined && actor !== client) throw unfit('act');
    return { officer };
  }
  if (actor !== undefined && mayActForOfficers(system, token, issuers)) {
    const officer = officerOf(token, client);
    if (actor !== client) throw unfit('act');
    return { actor: officer };
  }
  if (subject !== client) throw unfit('sub');
  if (actor !== undefined || system.actor === 'required') throw unfit('act');
  return {};
}

function mayActForOfficers(
  { actor }: SystemConfig,
  { issuer }: AccessToken,
  issuers: AuthenticationConfig['issuers'],
): boolean {
  return actor !== 'none' && issuers.some((known) => known.issuer === issuer && known.names_officers);
}

function officerOf({ subject }: AccessToken, client: string): string {
  if (subject === client || textFault(subject) !== undefined) throw unfit('sub');
  return subject;
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
