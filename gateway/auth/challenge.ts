import type { Refusal } from '../../schemas/refusal.js';
import { SIGNATURE_ALGORITHMS } from '../config/parts/authentication.js';

const ALGORITHMS = `algs="${SIGNATURE_ALGORITHMS.join(' ')}"`;

/**
 * Returns the `WWW-Authenticate` header of a refusal, or undefined (RFC 9449, section 7.1). The texts are
 * constant: the answer to a request without a token only names the scheme (RFC 6750, section 3.1).
 */
export function challengeOf({ code, reasons }: Pick<Refusal, 'code' | 'reasons'>): string | undefined {
  if (code === 'INVALID_DPOP_PROOF') return `DPoP error="invalid_dpop_proof", ${ALGORITHMS}`;
  if (code !== 'UNAUTHENTICATED') return undefined;
  return reasons.includes('token_missing') ? `DPoP ${ALGORITHMS}` : `DPoP error="invalid_token", ${ALGORITHMS}`;
}
