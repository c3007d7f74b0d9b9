import { z } from 'zod';
import { callIdSource, carriesCallId } from '../call-id.js';
import { createJsonClient } from '../http/post-json.js';
import { commonSettings, defineProtocol, filePath, httpLocation, httpUrl, readSecret } from '../protocol.js';
import { createGraphqlAdapter } from './graphql-adapter.js';

const anonymousSettings = z.strictObject({
  protocol: z.literal('graphql'),
  url: httpUrl.describe('Address of the federated GraphQL service.'),
  ...commonSettings,
});

const settings = anonymousSettings.extend({
  token_file: filePath.describe('File with the service token sent as a bearer token.'),
});

type GraphqlSettings = z.output<typeof anonymousSettings> & { readonly token_file?: string };

export const graphql = defineProtocol({
  name: 'graphql',
  source: z.strictObject({ protocol: z.literal('graphql'), ...callIdSource }),
  settings,
  anonymousSettings,
  credentialKeys: ['token_file'],
  locationOf: ({ url }: GraphqlSettings) => httpLocation(url),
  createAdapter: ({
    register,
    source,
    settings: { url, token_file: tokenFile, max_in_flight: maxConnections },
    ...ports
  }) =>
    createGraphqlAdapter({
      register,
      url,
      carriesCallId: carriesCallId(source),
      client: createJsonClient({
        register,
        connections: ports.http.open({ maxConnections }),
        clock: ports.clock,
        maxResponseBytes: ports.maxResponseBytes,
        headers: tokenFile === undefined ? {} : { Authorization: `Bearer ${readSecret(tokenFile)}` },
      }),
    }),
});
