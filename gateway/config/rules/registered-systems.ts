import type { Config } from '../schema.js';
import type { ConfigRule, RuleBreach } from './rule.js';

type Authentication = Config['authentication'];

/**
 * Every system is known once for its issuer, and belongs to a known agency unless citizens sign in
 * there. A system that acts for officers has an issuer that may name them. Where several issuers are trusted each system names its own, so that no issuer can make
 * tokens for another's clients.
 */
export const registeredSystems: ConfigRule = ({ authentication }) =>
  authentication.systems.flatMap((system, position) => [
    ...agencyBreaches(system, authentication).map((problem) => ({
      path: ['authentication', 'systems', position, 'agency'],
      problem,
    })),
    ...issuerBreaches(system, authentication).map((problem) => ({
      path: ['authentication', 'systems', position, 'issuer'],
      problem,
    })),
    ...actorBreaches(system, authentication).map((problem) => ({
      path: ['authentication', 'systems', position, 'actor'],
      problem,
    })),
    ...(system.model === undefined || system.kind === 'ai'
      ? []
      : [{ path: ['authentication', 'systems', position, 'model'], problem: 'is for `kind: ai` only' }]),
    ...repeated(position, authentication),
  ]);

function agencyBreaches({ kind, agency }: Authentication['systems'][number], { agencies }: Authentication): string[] {
  if (kind === 'citizen')
    return agency === undefined ? [] : ['must be absent for `kind: citizen`: citizens act for themselves'];
  if (agency === undefined) return [`is missing: a system of \`kind: ${kind}\` belongs to an agency`];
  return agencies.some(({ id }) => id === agency) ? [] : ['names no agency of authentication.agencies'];
}

function issuerBreaches({ issuer }: Authentication['systems'][number], { issuers }: Authentication): string[] {
  if (issuer === undefined)
    return issuers.length > 1 ? ['is missing: several issuers are trusted, so each system names its own'] : [];
  return issuers.some((known) => known.issuer === issuer) ? [] : ['names no issuer of authentication.issuers'];
}

/** An officer is named by an issuer that may name officers; otherwise every token with one would be refused. */
function actorBreaches(
  { kind, actor, issuer }: Authentication['systems'][number],
  { issuers }: Authentication,
): string[] {
  if (actor === 'none') return [];
  if (kind !== 'system' && kind !== 'ai') return ['is for `kind: system` and `kind: ai` only'];
  const own = issuers.filter((known) => issuer === undefined || known.issuer === issuer);
  return own.every(({ names_officers: mayName }) => mayName)
    ? []
    : ['needs an issuer that may name officers (`names_officers: true`)'];
}

function repeated(position: number, { systems }: Authentication): RuleBreach[] {
  const system = systems[position];
  const first = systems.findIndex(
    ({ client_id, issuer }) => client_id === system?.client_id && issuer === system.issuer,
  );
  return first === position
    ? []
    : [{ path: ['authentication', 'systems', position, 'client_id'], problem: 'is registered twice' }];
}
