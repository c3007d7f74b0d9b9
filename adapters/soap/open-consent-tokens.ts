import { z } from 'zod';
import { openConnections, type ConnectionPorts } from '../auth/open-credentials.js';
import { connectionSettings } from '../auth/settings.js';
import { createJsonClient } from '../http/post-json.js';
import { httpUrl } from '../protocol.js';
import { createConsentServer, type ConsentTokens } from './consent-tokens.js';

/** Setting of a register that answers only with a token of the person's consent. */
export const consentSettings = {
  consent_tokens: z
    .strictObject({
      url: httpUrl.describe('Address that takes { register, person, purpose, case } and answers { token, key }.'),
      ...connectionSettings,
    })
    .optional()
    .describe('Where tokens come from that show a person’s consent to the register ({consent.token} in source.yaml).'),
};

interface ConsentSettings {
  readonly consent_tokens?: z.output<z.ZodObject<typeof consentSettings>>['consent_tokens'];
  readonly max_in_flight: number;
  readonly timeout_ms: number;
}

const MAX_ANSWER_BYTES = 100_000;

/** Opens the server of tokens that the settings name. Connects to nothing. Undefined if they name none. */
export function openConsentTokens(
  { consent_tokens: server, ...limits }: ConsentSettings,
  ports: ConnectionPorts,
): ConsentTokens | undefined {
  if (server === undefined) return undefined;
  const { register, clock } = ports;
  const { connections, credentials } = openConnections({ ...server, ...limits }, ports);
  return createConsentServer({
    register,
    url: server.url,
    json: createJsonClient({ register, connections, clock, headers: {}, maxResponseBytes: MAX_ANSWER_BYTES }),
    credentials,
  });
}
