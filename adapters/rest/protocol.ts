import { z } from 'zod';
import { openConnections } from '../auth/open-credentials.js';
import {
  anonymousConnectionSettings,
  checkConnection,
  CONNECTION_CREDENTIALS,
  connectionSettings,
  type AuthSettings,
} from '../auth/settings.js';
import { contentOf } from '../http/content.js';
import { createJsonClient } from '../http/post-json.js';
import { commonSettings, defineProtocol, filePath, httpLocation, httpUrl } from '../protocol.js';
import { carriesCallId } from '../call-id.js';
import { createRestAdapter } from './rest-adapter.js';
import { createRestClient } from './rest-client.js';
import { outlineOfRecords } from './outline.js';
import { restSource, type RestSourceFile } from './source.js';

const anonymousSettings = z.strictObject({
  protocol: z.literal('rest'),
  url: httpUrl.describe('Base address of the REST service.'),
  ...anonymousConnectionSettings,
  ...commonSettings,
});

const settings = anonymousSettings
  .extend({
    api_key_file: filePath
      .optional()
      .describe('File with the key sent in the header that source.yaml names. `auth` says the same, and more.'),
    ...connectionSettings,
  })
  .superRefine(checkConnection('api_key_file'));

type RestSettings = z.output<typeof settings>;

export const rest = defineProtocol({
  name: 'rest',
  source: restSource,
  settings,
  anonymousSettings,
  credentialKeys: ['api_key_file', ...CONNECTION_CREDENTIALS],
  locationOf: ({ url, auth }: RestSettings) => httpLocation(url, auth),
  outlineOf: outlineOfRecords,
  createAdapter: ({ register, source, settings, ...ports }) => {
    const auth = authOf(register, settings, source);
    const { connections, credentials } = openConnections({ ...settings, auth }, { register, ...ports });
    return createRestAdapter({
      register,
      source,
      url: settings.url,
      client: createRestClient(
        createJsonClient({
          register,
          connections,
          clock: ports.clock,
          maxResponseBytes: ports.maxResponseBytes,
          headers: {},
          content: contentOf(source),
        }),
        carriesCallId(source),
        credentials,
      ),
      clock: ports.clock,
      observer: ports.observer,
    });
  },
});

/** The key in a file is what `auth: { type: api_key }` says, with the header that the mapping names. */
function authOf(
  register: string,
  { api_key_file: keyFile, auth }: RestSettings,
  { api_key_header: header }: RestSourceFile,
): AuthSettings | undefined {
  if (keyFile === undefined) return auth;
  if (header === undefined)
    throw new Error(`source.yaml of ${register} names no api_key_header: say the header in registers.${register}.auth`);
  return { type: 'api_key', header, key_file: keyFile };
}
