import { z } from 'zod';
import { openConnections } from '../auth/open-credentials.js';
import {
  anonymousConnectionSettings,
  checkConnection,
  CONNECTION_CREDENTIALS,
  connectionSettings,
} from '../auth/settings.js';
import { carriesCallId } from '../call-id.js';
import { createJsonClient } from '../http/post-json.js';
import { commonSettings, defineProtocol, filePath, httpLocation, httpUrl } from '../protocol.js';
import { createRestAdapter } from '../rest/rest-adapter.js';
import { createRestClient } from '../rest/rest-client.js';
import { createGraphqlAdapter } from './graphql-adapter.js';
import { createPlainClient } from './plain/plain-client.js';
import { outlineOfQueries } from './plain/outline.js';
import { selectionOf } from './plain/selection.js';
import { graphqlSource, isPlain, plainMapping } from './plain/source.js';

const anonymousSettings = z.strictObject({
  protocol: z.literal('graphql'),
  url: httpUrl.describe('Address of the GraphQL service.'),
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
  source: graphqlSource,
  settings,
  anonymousSettings,
  credentialKeys: ['token_file', ...CONNECTION_CREDENTIALS],
  locationOf: ({ url, auth }: GraphqlSettings) => httpLocation(url, auth),
  outlineOf: outlineOfQueries,
  createAdapter: ({ register, source, settings, ...ports }) => {
    const { token_file: tokenFile, auth } = settings;
    const { connections, credentials } = openConnections(
      { ...settings, auth: tokenFile === undefined ? auth : { type: 'bearer_file', token_file: tokenFile } },
      { register, ...ports },
    );
    const client = createJsonClient({
      register,
      connections,
      clock: ports.clock,
      maxResponseBytes: ports.maxResponseBytes,
      headers: {},
    });
    const carriesId = carriesCallId(source);
    const { url } = settings;
    if (!isPlain(source)) return createGraphqlAdapter({ register, url, carriesCallId: carriesId, credentials, client });
    const { rest, queries } = plainMapping(source);
    return createRestAdapter({
      register,
      source: rest,
      url,
      client: createPlainClient({ register, url, queries, rest: createRestClient(client, carriesId, credentials) }),
      clock: ports.clock,
      select: selectionOf,
    });
  },
});
