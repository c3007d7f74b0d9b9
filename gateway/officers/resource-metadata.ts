import type { Config } from '../config/schema.js';
import { OFFICERS_PATH } from './openapi.js';

/** Path of the metadata of the officers' interface (RFC 9728, section 3.1). It needs no token. */
export const RESOURCE_METADATA_PATH = `/.well-known/oauth-protected-resource${OFFICERS_PATH}`;

/**
 * Says to a client where officers sign in and for what (RFC 9728, section 2). The last two members are ours: the client that
 * the command line signs in through, null if it has none here, and the zone in which a day is meant.
 */
export interface ResourceMetadata {
  readonly resource: string;
  readonly authorization_servers: readonly string[];
  /** Tokens go in no other way than with a DPoP proof. */
  readonly bearer_methods_supported: readonly [];
  readonly dpop_bound_access_tokens_required: true;
  readonly tereze_cli_client: string | null;
  readonly tereze_time_zone: string;
}

/** Returns the metadata for tokens of this audience. */
export function resourceMetadata(
  audience: string,
  { officers: { people, cli_client: client }, jurisdiction }: Pick<Config, 'officers' | 'jurisdiction'>,
): ResourceMetadata {
  return {
    resource: audience,
    authorization_servers: [...new Set(people.map(({ issuer }) => issuer))],
    bearer_methods_supported: [],
    dpop_bound_access_tokens_required: true,
    tereze_cli_client: client ?? null,
    tereze_time_zone: jurisdiction.time_zone,
  };
}
