import { z } from 'zod';
import { createJsonClient } from '../http/post-json.js';
import { commonSettings, defineProtocol, filePath, httpLocation, httpUrl, readSecret } from '../protocol.js';
import { carriesCallId } from '../call-id.js';
import { createRestAdapter } from './rest-adapter.js';
import { createRestClient } from './rest-client.js';
import { restSource } from './source.js';

const anonymousSettings = z.strictObject({
  protocol: z.literal('rest'),
  url: httpUrl.describe('Base address of the REST service.'),
  ...commonSettings,
});

const settings = anonymousSettings.extend({
  api_key_file: filePath.describe('File with the key sent in the header that source.yaml names.'),
});

type RestSettings = z.output<typeof anonymousSettings> & { readonly api_key_file?: string };

export const rest = defineProtocol({
  name: 'rest',
  source: restSource,
  settings,
  anonymousSettings,
  credentialKeys: ['api_key_file'],
  locationOf: ({ url }: RestSettings) => httpLocation(url),
  createAdapter: ({
    register,
    source,
    settings: { url, api_key_file: keyFile, max_in_flight: maxConnections },
    ...ports
  }) =>
    createRestAdapter({
      register,
      source,
      url,
      client: createRestClient(
        createJsonClient({
          register,
          connections: ports.http.open({ maxConnections }),
          clock: ports.clock,
          maxResponseBytes: ports.maxResponseBytes,
          headers: keyFile === undefined ? {} : { [source.api_key_header]: readSecret(keyFile) },
        }),
        carriesCallId(source),
      ),
    }),
});
