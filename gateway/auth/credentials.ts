import { Refusal } from '../../schemas/refusal.js';

/** What a request brings to be authenticated with. */
export interface Credentials {
  readonly method: string;
  /** Path without query, as it stood in the request line. */
  readonly path: string;
  /** Every `Authorization` header, as it came. */
  readonly authorization: readonly string[];
  /** Every `DPoP` header, as it came. */
  readonly dpop: readonly string[];
  /** `Tereze-Purpose`. */
  readonly purpose: string | undefined;
  /** `Tereze-Case`. */
  readonly case: string | undefined;
}

const MAX_TOKEN = 16_384;
const MAX_PROOF = 8_192;
const TOKEN68 = /^[A-Za-z0-9._~+/-]+=*$/;

/** The access token: one `Authorization` header of scheme DPoP (RFC 9449, section 7.1). A token sent as Bearer is refused. */
export function accessTokenOf({ authorization }: Pick<Credentials, 'authorization'>): string {
  const [header, ...more] = authorization;
  if (header === undefined) throw new Refusal('UNAUTHENTICATED', { reasons: ['token_missing'] });
  if (more.length > 0) throw new Refusal('UNAUTHENTICATED', { reasons: ['token_repeated'] });
  const [scheme, token, ...rest] = header.trim().split(/ +/);
  if (scheme?.toLowerCase() !== 'dpop') throw new Refusal('UNAUTHENTICATED', { reasons: ['token_scheme'] });
  const isToken = token !== undefined && rest.length === 0 && token.length <= MAX_TOKEN && TOKEN68.test(token);
  if (!isToken) throw new Refusal('UNAUTHENTICATED', { reasons: ['token_malformed'] });
  return token;
}

/** The proof: exactly one `DPoP` header (RFC 9449, section 4.3). Two that Node or a proxy joined with a comma are two. */
export function proofOf({ dpop }: Pick<Credentials, 'dpop'>): string {
  const [proof, ...more] = dpop;
  if (proof === undefined) throw new Refusal('INVALID_DPOP_PROOF', { reasons: ['proof_missing'] });
  if (more.length > 0 || proof.includes(',')) throw new Refusal('INVALID_DPOP_PROOF', { reasons: ['proof_repeated'] });
  if (proof.length > MAX_PROOF) throw new Refusal('INVALID_DPOP_PROOF', { reasons: ['proof_malformed'] });
  return proof;
}
