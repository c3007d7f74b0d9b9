import { z } from 'zod';
import type { Clock } from '../../schemas/ports/clock.js';
import { openConnections } from '../auth/open-credentials.js';
import {
  anonymousConnectionSettings,
  checkConnection,
  CONNECTION_CREDENTIALS,
  connectionSettings,
} from '../auth/settings.js';
import { commonSettings, defineProtocol, filePath, httpLocation, httpUrl, readSecret } from '../protocol.js';
import { soapSource } from './check/check-source.js';
import type { MessageSecurity } from './exchange.js';
import { fullForm } from './source/full-form.js';
import { consentSettings, openConsentTokens } from './open-consent-tokens.js';
import type { Sender } from './profiles/shep-profile.js';
import { createSoapClient } from './soap-client.js';
import { outlineOfSoap } from './check/outline.js';
import { openSigning, signingSettings, SIGNING_CREDENTIALS, type SigningSettings } from './signing/open-signing.js';
import { ReplayGuard } from './signing/replay-guard.js';
import type { SoapSource } from './source/source.js';
import { createSoapAdapter } from './soap-adapter.js';

/** Of a service that asks for nothing: its answers are not signed, and it is not behind SHEP. */
const anonymousSettings = z.strictObject({
  protocol: z.literal('soap'),
  url: httpUrl.describe('Address of the SOAP service.'),
  client: z
    .string()
    .regex(/^[^\p{Cc}:;/\\%]+(\/[^\p{Cc}:;/\\%]+){2,3}$/u, 'must be instance/member class/member code/subsystem')
    .optional()
    .describe('Our identifier on X-Road: instance/member class/member code/subsystem (profile xroad-4.0).'),
  ...anonymousConnectionSettings,
  ...commonSettings,
});

const credentialSettings = {
  sender_id: z
    .string()
    .min(1)
    .optional()
    .describe('Name by which the bus knows this gateway (profile shep-sync of source.yaml).'),
  password_file: filePath.optional().describe('File with the password that goes with it, inside the signed message.'),
  ...consentSettings,
  ...signingSettings,
  ...connectionSettings,
};

const settings = anonymousSettings.extend(credentialSettings).superRefine(checkConnection());

export type SoapSettings = z.output<typeof settings>;

/** With credentials or without. */
type AcceptedSettings = Omit<SoapSettings, keyof SigningSettings> & SigningSettings;

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
  anonymousSettings,
  credentialKeys: ['password_file', ...SIGNING_CREDENTIALS, ...CONNECTION_CREDENTIALS],
  locationOf: ({ url, auth }: AcceptedSettings) => httpLocation(url, auth),
  outlineOf: outlineOfSoap,
  createAdapter: ({ register, source, settings, ...ports }) => {
    const { clock, random } = ports;
    const { connections, credentials } = openConnections(settings, { register, ...ports });
    const { profile, version, isSigned } = fullForm(source);
    const isShep = profile === 'shep-sync';
    return createSoapAdapter({
      register,
      source,
      credentials,
      sender: isShep ? readSender(register, settings) : undefined,
      member:
        profile === 'xroad-4.0'
          ? needed(register, settings, 'client', 'the profile is xroad-4.0').split('/')
          : undefined,
      consentTokens: openConsentTokens(settings, { register, ...ports }),
      security: isSigned ? createSecurity(source, settings, clock) : undefined,
      client: createSoapClient({
        register,
        url: settings.url,
        clock,
        connections,
        maxResponseBytes: MAX_RESPONSE_BYTES,
        version,
        charset: source.charset,
      }),
      clock,
      random,
    });
  },
});

function readSender(register: string, settings: AcceptedSettings): Sender {
  const why = 'the profile is shep-sync';
  return {
    id: needed(register, settings, 'sender_id', why),
    password: readSecret(needed(register, settings, 'password_file', why)),
  };
}

function createSecurity({ freshness }: SoapSource, settings: AcceptedSettings, clock: Clock): MessageSecurity {
  return {
    ...openSigning(settings, { freshness, clock }),
    replay: new ReplayGuard(MAX_REMEMBERED),
  };
}

function needed(
  register: string,
  settings: AcceptedSettings,
  key: 'sender_id' | 'password_file' | 'client',
  why: string,
): string {
  const value = settings[key];
  if (value === undefined) throw new Error(`registers.${register} needs ${key}: ${why}`);
  return value;
}
