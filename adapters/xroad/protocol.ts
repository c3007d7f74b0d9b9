import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { createJsonClient } from '../http/post-json.js';
import { commonSettings, defineProtocol, filePath, httpLocation, httpUrl } from '../protocol.js';
import { xroadSource } from './source.js';
import { createXroadAdapter } from './xroad-adapter.js';

const settings = z.strictObject({
  protocol: z.literal('xroad'),
  url: httpUrl
    .regex(/^https?:\/\/[^/?#]+\/?$/, 'must have no path: X-Road’s own begins at the root')
    .describe('Address of our security server.'),
  client: z
    .string()
    .regex(/^[^\p{Cc}:;/\\%]+(\/[^\p{Cc}:;/\\%]+){2,3}$/u, 'must be instance/member class/member code/subsystem')
    .describe('Identifier of our subsystem on X-Road: instance/member class/member code/subsystem.'),
  tls_ca_file: filePath
    .optional()
    .describe(
      'File with the authority (PEM) that signs the security server’s certificate; without it those of the system.',
    ),
  ...commonSettings,
});

/** Our security server knows us by the network that we call from, so that there is no credential. */
export const xroad = defineProtocol({
  name: 'xroad',
  source: xroadSource,
  settings,
  anonymousSettings: settings,
  credentialKeys: [],
  locationOf: ({ url }: z.output<typeof settings>) => httpLocation(url),
  createAdapter: ({
    register,
    source,
    settings: { url, client, tls_ca_file: caFile, max_in_flight: maxConnections },
    ...ports
  }) =>
    createXroadAdapter({
      register,
      source,
      url,
      client,
      json: createJsonClient({
        register,
        connections: ports.http.open({
          maxConnections,
          tlsCa: caFile === undefined ? undefined : readFileSync(caFile, 'utf8'),
        }),
        clock: ports.clock,
        maxResponseBytes: ports.maxResponseBytes,
        headers: {},
      }),
      random: ports.random,
      observer: ports.observer,
    }),
});
