import { isAtLeast } from '../../schemas/assurance.js';
import { ownMember } from '../../schemas/objects.js';
import { ASSURANCES, type Assurance } from '../../schemas/vocabulary.js';
import type { IssuerConfig } from '../config/parts/authentication.js';
import type { AccessToken } from './access-token.js';

type Issuers = readonly Pick<IssuerConfig, 'issuer' | 'assurance'>[];

/** Returns the assurance of a token: the level to which its own issuer's `acr` is mapped. Not mapped, or not stated: `none`. */
export function assuranceOf({ issuer, acr }: Pick<AccessToken, 'issuer' | 'acr'>, issuers: Issuers): Assurance {
  if (acr === undefined) return 'none';
  return ownMember<Assurance>(levelsOf(issuer, issuers), acr) ?? 'none';
}

/**
 * Returns the values of `acr` with which this issuer's tokens have at least this assurance, the weakest level first:
 * `acr_values` of a challenge (RFC 9470, section 3). None if the issuer has no such value.
 */
export function acrValuesFor(least: Assurance, issuer: string, issuers: Issuers): readonly string[] {
  const levels = Object.entries(levelsOf(issuer, issuers));
  return ASSURANCES.filter((level) => isAtLeast(level, least)).flatMap((level) =>
    levels.filter(([, mapped]) => mapped === level).map(([acr]) => acr),
  );
}

function levelsOf(issuer: string, issuers: Issuers): IssuerConfig['assurance'] {
  return issuers.find((one) => one.issuer === issuer)?.assurance ?? {};
}
