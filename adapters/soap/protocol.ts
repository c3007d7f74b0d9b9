import { createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Random } from '../../schemas/ports/random.js';
import type { RegisterConfigOf } from '../config.js';
import { isUtf8 } from '../http/content-type.js';
import { createTextClient } from '../http/post-text.js';
import type { Adapter } from '../port.js';
import type { SoapSource } from './source.js';
import { ReplayGuard } from './signing/replay-guard.js';
import { createRsaSigner } from './signing/rsa-signer.js';
import { createRsaVerifier } from './signing/rsa-verifier.js';
import { createSoapAdapter } from './soap-adapter.js';

export interface ConfiguredSoapOptions {
  readonly register: string;
  readonly source: SoapSource;
  readonly settings: RegisterConfigOf<'soap'>;
  readonly password: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** Larger than `max` records; a tree of more would keep the process from all else. */
const MAX_RESPONSE_BYTES = 1_000_000;
/** Answers within the ten minutes for which one is taken for fresh: 400 a second, twice what one process can verify. */
const MAX_REMEMBERED = 250_000;

/** A SOAP adapter as the configuration has it, with RSA keys in this process. Throws for a key that cannot be used; the message never holds any of it. */
export function configuredSoapAdapter({
  register,
  source,
  settings,
  password,
  clock,
  random,
}: ConfiguredSoapOptions): Adapter {
  const key = readKey(settings.key_file, createPrivateKey);
  const registerKey = readKey(settings.register_key_file, createPublicKey);
  const certificate =
    settings.certificate_file === undefined ? undefined : readCertificate(settings.certificate_file, key);
  const headers = {
    Accept: 'text/xml',
    'Content-Type': 'text/xml; charset=utf-8',
    SOAPAction: `"${source.soap_action}"`,
  };
  const accepts = (contentType: string): boolean => isUtf8(contentType, /^text\/xml$/);
  return createSoapAdapter({
    register,
    source,
    url: settings.url,
    client: createTextClient({
      register,
      headers,
      clock,
      maxSockets: settings.max_in_flight,
      maxResponseBytes: MAX_RESPONSE_BYTES,
      accepts,
    }),
    sender: { id: settings.sender_id, password },
    signer: createRsaSigner({ key, certificate, clock }),
    verifier: createRsaVerifier({ key: registerKey, clock }),
    replay: new ReplayGuard(MAX_REMEMBERED),
    clock,
    random,
  });
}

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

/** The certificate of this very key: another one would have every message refused. */
function readCertificate(file: string, key: KeyObject): string {
  const pem = readFileSync(file, 'utf8');
  try {
    if (new X509Certificate(pem).checkPrivateKey(key)) return pem;
  } catch {
    // It is no certificate: told below, as for one of another key.
  }
  throw new Error(`${file} holds no certificate (PEM) of the key in key_file`);
}
