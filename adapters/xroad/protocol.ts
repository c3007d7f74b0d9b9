import { z } from 'zod';
import { openConnections } from '../auth/open-credentials.js';
import {
  anonymousConnectionSettings,
  checkConnection,
  CONNECTION_CREDENTIALS,
  connectionSettings,
} from '../auth/settings.js';
import { contentOf } from '../http/content.js';
import { createJsonClient } from '../http/post-json.js';
import { commonSettings, defineProtocol, filePath, httpLocation, httpUrl } from '../protocol.js';
import { outlineOfRecords } from '../rest/outline.js';
import { hashMismatch, hashTolerance } from './hash-tolerance.js';
import { xroadSource } from './source.js';
import { createXroadAdapter } from './xroad-adapter.js';

const anonymousSettings = z.strictObject({
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
      'File with the authority (PEM) that signs the security server’s certificate; `tls` says the same, and more.',
    ),
  hash_mismatch: hashMismatch.optional(),
  ...anonymousConnectionSettings,
  ...commonSettings,
});

const settings = anonymousSettings.extend(connectionSettings).superRefine((given, context) => {
  checkConnection()(given, context);
  if (given.tls_ca_file !== undefined && given.tls !== undefined)
    context.addIssue({ code: 'custom', path: ['tls_ca_file'], message: 'is given with tls: write it as tls.ca_file' });
});

/**
 * Our security server knows us by the network that we call from, or by a certificate in `tls`. Credentials in `auth` go
 * through it to the register.
 */
export const xroad = defineProtocol({
  name: 'xroad',
  source: xroadSource,
  settings,
  anonymousSettings,
  credentialKeys: CONNECTION_CREDENTIALS,
  locationOf: ({ url, auth }: z.output<typeof settings>) => httpLocation(url, auth),
  outlineOf: outlineOfRecords,
  createAdapter: ({ register, source, settings, ...ports }) => {
    const { url, client, tls_ca_file: caFile, tls } = settings;
    const { connections, credentials } = openConnections(
      { ...settings, tls: caFile === undefined ? tls : { ca_file: caFile } },
      { register, ...ports },
    );
    return createXroadAdapter({
      register,
      source,
      url,
      client,
      credentials,
      json: createJsonClient({
        register,
        connections,
        clock: ports.clock,
        maxResponseBytes: ports.maxResponseBytes,
        headers: {},
        content: contentOf(source),
      }),
      clock: ports.clock,
      random: ports.random,
      observer: ports.observer,
      hashTolerance: hashTolerance(settings.hash_mismatch, source, settings),
    });
  },
});
