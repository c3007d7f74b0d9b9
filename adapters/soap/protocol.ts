import { createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isUtf8 } from '../http/content-type.js';
import { createTextClient } from '../http/post-text.js';
import { commonSettings, defineProtocol, filePath, httpLocation, httpUrl, readSecret } from '../protocol.js';
import { soapSource } from './source.js';
import { ReplayGuard } from './signing/replay-guard.js';
import { createRsaSigner } from './signing/rsa-signer.js';
import { createRsaVerifier } from './signing/rsa-verifier.js';
import { createSoapAdapter } from './soap-adapter.js';

const settings = z.strictObject({
  protocol: z.literal('soap'),
  url: httpUrl.describe('Address of the SOAP service.'),
  sender_id: z.string().min(1).describe('Name by which the bus knows this gateway.'),
  password_file: filePath.describe('File with the password that goes with it, inside the signed message.'),
  key_file: filePath.describe('File with the private RSA key (PEM) that signs what is asked.'),
  certificate_file: filePath
    .optional()
    .describe('File with the certificate (PEM) of that key, for registers that find the key by it.'),
  register_key_file: filePath.describe(
    'File with the register’s public RSA key, or its certificate (PEM): nothing else signs its answers.',
  ),
  ...commonSettings,
});

export type SoapSettings = z.output<typeof settings>;

/** More than `max` records need. A larger tree would block the process. */
const MAX_RESPONSE_BYTES = 1_000_000;
/**
 * Answers that are remembered. An answer is fresh for ten minutes: this is 400 a second, twice what one process can
 * verify.
 */
const MAX_REMEMBERED = 250_000;

/** The RSA keys are in this process. */
export const soap = defineProtocol({
  name: 'soap',
  source: soapSource,
  settings,
  credentialKeys: ['password_file', 'key_file', 'certificate_file', 'register_key_file'],
  locationOf: ({ url }: SoapSettings) => httpLocation(url),
  createAdapter: ({ register, source, settings, http, clock, random }) => {
    const password = readSecret(settings.password_file);
    const key = readKey(settings.key_file, createPrivateKey);
    const registerKey = readKey(settings.register_key_file, createPublicKey);
    const certificate =
      settings.certificate_file === undefined ? undefined : readCertificate(settings.certificate_file, key);
    const headers = {
      Accept: 'text/xml',
      'Content-Type': 'text/xml; charset=utf-8',
      SOAPAction: `"${source.soap_action}"`,
    };
    return createSoapAdapter({
      register,
      source,
      url: settings.url,
      client: createTextClient({
        register,
        headers,
        clock,
        connections: http.open({ maxConnections: settings.max_in_flight }),
        maxResponseBytes: MAX_RESPONSE_BYTES,
        accepts: (contentType) => isUtf8(contentType, /^text\/xml$/),
      }),
      sender: { id: settings.sender_id, password },
      signer: createRsaSigner({ key, certificate, clock }),
      verifier: createRsaVerifier({ key: registerKey, clock }),
      replay: new ReplayGuard(MAX_REMEMBERED),
      clock,
      random,
    });
  },
});

function readKey(file: string, create: (pem: string) => KeyObject): KeyObject {
  const pem = readFileSync(file, 'utf8');
  try {
    const key = create(pem);
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // The library's error may quote the key.
  }
  throw new Error(`${file} holds no RSA key of the kind that is needed there (PEM)`);
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
