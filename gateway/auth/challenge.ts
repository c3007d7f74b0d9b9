import type { Refusal } from '../../schemas/refusal.js';
import { SIGNATURE_ALGORITHMS } from '../config/parts/authentication.js';

const ALGORITHMS = `algs="${SIGNATURE_ALGORITHMS.join(' ')}"`;

/**
 * Returns the `WWW-Authenticate` header of a refusal, or undefined (RFC 9449, section 7.1). The texts are
 * constant, or of the configuration: the answer to a request without a token only names the scheme (RFC 6750,
 * section 3.1), and the answer to a too weak authentication says which would do (RFC 9470, section 3).
 */
export function challengeOf({
  code,
  reasons,
  acrValues,
}: Pick<Refusal, 'code' | 'reasons' | 'acrValues'>): string | undefined {
  if (code === 'ASSURANCE_TOO_LOW') {
    const wanted = acrValues.length === 0 ? '' : `, acr_values="${acrValues.join(' ')}"`;
    return `DPoP error="insufficient_user_authentication"${wanted}, ${ALGORITHMS}`;
  }
  if (code === 'INVALID_DPOP_PROOF') return `DPoP error="invalid_dpop_proof", ${ALGORITHMS}`;
  if (code !== 'UNAUTHENTICATED') return undefined;
  return reasons.includes('token_missing') ? `DPoP ${ALGORITHMS}` : `DPoP error="invalid_token", ${ALGORITHMS}`;
}
