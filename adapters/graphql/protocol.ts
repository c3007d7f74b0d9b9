import { z } from 'zod';
import { openConnections } from '../auth/open-credentials.js';
import {
  anonymousConnectionSettings,
  checkConnection,
  CONNECTION_CREDENTIALS,
  connectionSettings,
} from '../auth/settings.js';
import { callIdSource, carriesCallId } from '../call-id.js';
import { createJsonClient } from '../http/post-json.js';
import { commonSettings, defineProtocol, filePath, httpLocation, httpUrl } from '../protocol.js';
import { createGraphqlAdapter } from './graphql-adapter.js';

const anonymousSettings = z.strictObject({
  protocol: z.literal('graphql'),
  url: httpUrl.describe('Address of the federated GraphQL service.'),
  ...anonymousConnectionSettings,
  ...commonSettings,
});

const settings = anonymousSettings
  .extend({
    token_file: filePath
      .optional()
      .describe('File with the service token sent as a bearer token. `auth` says the same, and more.'),
    ...connectionSettings,
  })
  .superRefine(checkConnection('token_file'));

type GraphqlSettings = z.output<typeof settings>;

export const graphql = defineProtocol({
  name: 'graphql',
  source: z.strictObject({ protocol: z.literal('graphql'), ...callIdSource }),
  settings,
  anonymousSettings,
  credentialKeys: ['token_file', ...CONNECTION_CREDENTIALS],
  locationOf: ({ url, auth }: GraphqlSettings) => httpLocation(url, auth),
  createAdapter: ({ register, source, settings, ...ports }) => {
    const { token_file: tokenFile, auth } = settings;
    const { connections, credentials } = openConnections(
      { ...settings, auth: tokenFile === undefined ? auth : { type: 'bearer_file', token_file: tokenFile } },
      { register, ...ports },
    );
    return createGraphqlAdapter({
      register,
      url: settings.url,
      carriesCallId: carriesCallId(source),
      credentials,
      client: createJsonClient({
        register,
        connections,
        clock: ports.clock,
        maxResponseBytes: ports.maxResponseBytes,
        headers: {},
      }),
    });
  },
});
