import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ConnectionSettings } from '../ports/http-client.js';
import type { TlsSettings } from './settings.js';

/** What of TLS belongs to a connection, as the HTTP client and the SQL driver take it. */
export type TlsOfConnection = Pick<ConnectionSettings, 'tlsCa' | 'tlsClient' | 'tlsServerName'>;

/**
 * Reads the files of `tls`. Throws if one cannot be read or used; the message names the file and nothing of its text.
 */
export function readTls(settings: TlsSettings | undefined): TlsOfConnection {
  if (settings === undefined) return {};
  const { ca_file: caFile, cert_file: certFile, key_file: keyFile, server_name: tlsServerName } = settings;
  const tlsCa = caFile === undefined ? undefined : readAuthority(caFile);
  const tlsClient = certFile === undefined || keyFile === undefined ? undefined : readClient(certFile, keyFile);
  return { tlsCa, tlsClient, tlsServerName };
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** A file without a certificate would leave the connection with no authority at all, and TLS says so only much later. */
function readAuthority(file: string): string {
  const pem = readFileSync(file, 'utf8');
  const certificates = pem.match(CERTIFICATE) ?? [];
  if (certificates.length === 0 || !certificates.every(isCertificate))
    throw new Error(`${file} holds no certificate of an authority (PEM)`);
  return pem;
}

function readClient(certFile: string, keyFile: string): ConnectionSettings['tlsClient'] {
  const certificate = readFileSync(certFile, 'utf8');
  const key = readFileSync(keyFile, 'utf8');
  const [own = ''] = certificate.match(CERTIFICATE) ?? [];
  if (!isCertificate(own)) throw new Error(`${certFile} holds no certificate (PEM)`);
  if (!isKeyOf(own, key)) throw new Error(`${keyFile} holds no private key (PEM) of the certificate in ${certFile}`);
  return { certificate, key };
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

function isKeyOf(certificate: string, key: string): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  } catch {
    // The library's error may quote the key.
    return false;
  }
}
