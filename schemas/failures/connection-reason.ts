import type { FailureReason } from './register-failure.js';

/** Codes of DNS (getaddrinfo), of sockets, of undici, and of OpenSSL as Node names them (`X509_V_ERR_*`, `ERR_SSL_*`). */
const REASONS: Readonly<Record<string, FailureReason>> = {
  EAI_AGAIN: 'dns_failed',
  EAI_FAIL: 'dns_failed',
  EAI_NODATA: 'dns_failed',
  EAI_NONAME: 'dns_failed',
  ENOTFOUND: 'dns_failed',
  ENODATA: 'dns_failed',
  ECONNREFUSED: 'connect_refused',
  EHOSTUNREACH: 'connect_refused',
  ENETUNREACH: 'connect_refused',
  EHOSTDOWN: 'connect_refused',
  ENETDOWN: 'connect_refused',
  EADDRNOTAVAIL: 'connect_refused',
  EACCES: 'connect_refused',
  ENOENT: 'connect_refused',
  ETIMEDOUT: 'connect_timeout',
  UND_ERR_CONNECT_TIMEOUT: 'connect_timeout',
  CERT_HAS_EXPIRED: 'tls_expired',
  CERT_NOT_YET_VALID: 'tls_expired',
  CRL_HAS_EXPIRED: 'tls_expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls_name_mismatch',
  UNABLE_TO_GET_ISSUER_CERT: 'tls_untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls_untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls_untrusted',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls_untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls_untrusted',
  CERT_SIGNATURE_FAILURE: 'tls_untrusted',
  CERT_CHAIN_TOO_LONG: 'tls_untrusted',
  CERT_REVOKED: 'tls_untrusted',
  CERT_UNTRUSTED: 'tls_untrusted',
  CERT_REJECTED: 'tls_untrusted',
  INVALID_CA: 'tls_untrusted',
  INVALID_PURPOSE: 'tls_untrusted',
  PATH_LENGTH_EXCEEDED: 'tls_untrusted',
  HOSTNAME_MISMATCH: 'tls_name_mismatch',
};

/** Alerts with which a server refuses a client for its certificate (RFC 8446, section 6.2; RFC 5246, section 7.2.2). */
const CLIENT_CERTIFICATE_ALERT =
  /^ERR_SSL_((TLS|SSL)V\d+|SSL\/TLS)_ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_REVOKED|CERTIFICATE_EXPIRED|CERTIFICATE_UNKNOWN|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE|NO_CERTIFICATE)$/;

/**
 * Returns why a connection failed, by the code of its error. A connection that broke for any other cause, also in the
 * middle of a TLS handshake, is `connection_cut`.
 */
export function connectionReason(code: string | undefined): FailureReason {
  if (code === undefined) return 'connection_cut';
  if (CLIENT_CERTIFICATE_ALERT.test(code)) return 'tls_client_certificate';
  return (Object.hasOwn(REASONS, code) ? REASONS[code] : undefined) ?? 'connection_cut';
}
