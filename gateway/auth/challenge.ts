import type { Refusal } from '../../schemas/refusal.js';
import { SIGNATURE_ALGORITHMS } from '../config/parts/authentication.js';

const ALGORITHMS = `algs="${SIGNATURE_ALGORITHMS.join(' ')}"`;

/**
 * The `WWW-Authenticate` header of a refusal, where it has one (RFC 9449, section 7.1). Constant
 * texts: a request without a token is only told how to ask (RFC 6750, section 3.1).
 */
export function challengeOf({ code, reasons }: Pick<Refusal, 'code' | 'reasons'>): string | undefined {
  if (code === 'INVALID_DPOP_PROOF') return `DPoP error="invalid_dpop_proof", ${ALGORITHMS}`;
  if (code !== 'UNAUTHENTICATED') return undefined;
  return reasons.includes('token_missing') ? `DPoP ${ALGORITHMS}` : `DPoP error="invalid_token", ${ALGORITHMS}`;
}
