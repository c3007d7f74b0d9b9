import { z } from 'zod';
import { openConnections } from '../auth/open-credentials.js';
import { checkConnection, CONNECTION_CREDENTIALS, connectionSettings } from '../auth/settings.js';
import { isUtf8 } from '../http/content-type.js';
import { createTextClient } from '../http/post-text.js';
import { commonSettings, defineProtocol, filePath, httpLocation, httpUrl, readSecret } from '../protocol.js';
import { soapSource } from './source.js';
import { ReplayGuard } from './signing/replay-guard.js';
import { openSigning, signingSettings, SIGNING_CREDENTIALS } from './signing/open-signing.js';
import { createSoapAdapter } from './soap-adapter.js';

const settings = z
  .strictObject({
    protocol: z.literal('soap'),
    url: httpUrl.describe('Address of the SOAP service.'),
    sender_id: z.string().min(1).describe('Name by which the bus knows this gateway.'),
    password_file: filePath.describe('File with the password that goes with it, inside the signed message.'),
    ...signingSettings,
    ...connectionSettings,
    ...commonSettings,
  })
  .superRefine(checkConnection());

export type SoapSettings = z.output<typeof settings>;

/** More than `max` records need. A larger tree would block the process. */
const MAX_RESPONSE_BYTES = 1_000_000;
/**
 * Answers that are remembered. An answer is fresh for ten minutes: this is 400 a second, twice what one process can
 * verify.
 */
const MAX_REMEMBERED = 250_000;

export const soap = defineProtocol({
  name: 'soap',
  source: soapSource,
  settings,
  credentialKeys: ['password_file', ...SIGNING_CREDENTIALS, ...CONNECTION_CREDENTIALS],
  locationOf: ({ url, auth }: SoapSettings) => httpLocation(url, auth),
  createAdapter: ({ register, source, settings, ...ports }) => {
    const { clock, random } = ports;
    const { connections, credentials } = openConnections(settings, { register, ...ports });
    const password = readSecret(settings.password_file);
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
        connections,
        maxResponseBytes: MAX_RESPONSE_BYTES,
        accepts: (contentType) => isUtf8(contentType, /^text\/xml$/),
      }),
      credentials,
      sender: { id: settings.sender_id, password },
      ...openSigning(settings, { freshness: 'timestamp', clock }),
      replay: new ReplayGuard(MAX_REMEMBERED),
      clock,
      random,
    });
  },
});
