import { createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Clock } from '../../../schemas/ports/clock.js';
import { filePath } from '../../protocol.js';
import { methodOfKey } from './algorithms.js';
import { MAX_AGE_MS } from './freshness.js';
import type { Freshness, Signer, Verifier } from './port.js';
import { createSigner } from './signer.js';
import { issuedCertificate, pinnedKey, type Trust } from './trust.js';
import { createVerifier } from './verifier.js';

/** Settings of a register whose messages are signed. */
export const signingSettings = {
  key_file: filePath
    .optional()
    .describe(
      'File with the private key (PEM) that signs what is asked: RSA of at least 2048 bits, or EC on P-256, P-384 or P-521.',
    ),
  certificate_file: filePath
    .optional()
    .describe('File with the certificate (PEM) of that key, for registers that find the key by it.'),
  send_timestamp: z
    .boolean()
    .default(true)
    .describe('Whether a signed Timestamp goes with each message. Some buses take none.'),
  register_key_file: filePath
    .optional()
    .describe('File with the register’s public key, or its certificate (PEM): nothing else signs its answers.'),
  register_ca_file: filePath
    .optional()
    .describe(
      'In place of register_key_file: file with the certificates (PEM) of those who issue the register’s certificate, each of which may issue it. The certificate comes with each answer.',
    ),
  register_subject: z
    .record(z.string(), z.string().min(1))
    .optional()
    .describe(
      'With register_ca_file: attributes of the subject that the register’s certificate has, such as CN, O or serialNumber. An issuer signs for many; only this one may answer.',
    ),
  max_age_s: z
    .int()
    .min(1)
    .max(3_600)
    .default(MAX_AGE_MS / 1_000)
    .describe('Greatest age of an answer, and greatest difference of clocks, in seconds.'),
};

/** None of them is there in the settings of a gateway without credentials. */
export type SigningSettings = Partial<z.output<z.ZodObject<typeof signingSettings>>>;

export const SIGNING_CREDENTIALS = ['key_file', 'certificate_file', 'register_key_file', 'register_ca_file'] as const;

/**
 * Returns signer and verifier, and the greatest age of an answer, with the keys in the files of the settings; the keys are then in this process. Throws if a
 * file cannot be used. The message holds no secret.
 */
export function openSigning(
  settings: SigningSettings,
  { freshness, clock }: { readonly freshness: Freshness; readonly clock: Pick<Clock, 'now'> },
): { readonly signer: Signer; readonly verifier: Verifier; readonly maxAgeMs: number } {
  if (settings.key_file === undefined) throw new Error('messages are signed: that needs key_file');
  const key = readKey(settings.key_file, createPrivateKey);
  const certificate =
    settings.certificate_file === undefined ? undefined : readCertificate(settings.certificate_file, key);
  const maxAgeMs = settings.max_age_s === undefined ? MAX_AGE_MS : settings.max_age_s * 1_000;
  return {
    maxAgeMs,
    signer: createSigner({ key, certificate, timestamp: settings.send_timestamp, clock }),
    verifier: createVerifier({ trust: trustOf(settings), freshness, maxAgeMs, clock }),
  };
}

function trustOf({
  register_key_file: keyFile,
  register_ca_file: caFile,
  register_subject: subject,
}: SigningSettings): Trust {
  if (keyFile !== undefined && caFile === undefined && subject === undefined)
    return pinnedKey(readKey(keyFile, createPublicKey));
  if (keyFile === undefined && caFile !== undefined && subject !== undefined)
    return issuedCertificate({ issuers: readIssuers(caFile), subject });
  throw new Error('whose signature is trusted needs register_key_file, or register_ca_file with register_subject');
}

function readKey(file: string, create: (pem: string) => KeyObject): KeyObject {
  const pem = readFileSync(file, 'utf8');
  try {
    const key = create(pem);
    if (methodOfKey(key) !== undefined) return key;
  } catch {
    // The library's error may quote the key.
  }
  throw new Error(
    `${file} holds no key of the kind that is needed there (PEM): RSA of at least 2048 bits, or EC on P-256, P-384 or P-521`,
  );
}

/** Reads the certificate of this key. The bus would refuse every message with the certificate of another one. */
function readCertificate(file: string, key: KeyObject): string {
  const pem = readFileSync(file, 'utf8');
  try {
    if (new X509Certificate(pem).checkPrivateKey(key)) return pem;
  } catch {
    // Not a certificate. The error below says so.
  }
  throw new Error(`${file} holds no certificate (PEM) of the key in key_file`);
}

function readIssuers(file: string): readonly X509Certificate[] {
  const pems = readFileSync(file, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    const issuers = pems.map((pem) => new X509Certificate(pem));
    if (issuers.length > 0 && issuers.every(({ ca }) => ca)) return issuers;
  } catch {
    // Not a certificate. The error below says so.
  }
  throw new Error(`${file} must hold certificates (PEM) of issuers (CA), and no others`);
}
