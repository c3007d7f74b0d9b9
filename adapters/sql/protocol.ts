import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { commonSettings, defineProtocol, filePath, readSecret } from '../protocol.js';
import { sqlSource } from './source.js';
import { createSqlAdapter } from './sql-adapter.js';
import { createSqlReader } from './sql-reader.js';

const settings = z.strictObject({
  protocol: z.literal('sql'),
  host: z.string().min(1).describe('Host of the register’s PostgreSQL.'),
  port: z.int().min(1).max(65_535).describe('Port of the register’s PostgreSQL.'),
  database: z.string().min(1).describe('Name of its database.'),
  user: z.string().min(1).describe('Role that can only read.'),
  password_file: filePath.describe('File with the role’s password.'),
  tls_ca_file: filePath
    .optional()
    .describe(
      'File with the authority (PEM) that signs the server’s certificate; with it the connection is TLS, or none.',
    ),
  ...commonSettings,
});

export const sql = defineProtocol({
  name: 'sql',
  source: sqlSource,
  settings,
  credentialKeys: ['password_file'],
  locationOf: ({ host, port, database, tls_ca_file: caFile }: z.output<typeof settings>) => ({
    address: `${host}:${port}/${database}`,
    hostname: host,
    isEncrypted: caFile !== undefined,
    encryptedBy: 'tls_ca_file',
  }),
  createAdapter: ({ register, source, settings: { host, port, database, user, ...settings }, ...ports }) =>
    createSqlAdapter({
      register,
      source,
      reader: createSqlReader({
        register,
        host,
        port,
        database,
        user,
        password: readSecret(settings.password_file),
        tlsCa: settings.tls_ca_file === undefined ? undefined : readFileSync(settings.tls_ca_file, 'utf8'),
        maxConnections: settings.max_in_flight,
        maxResponseBytes: ports.maxResponseBytes,
        timeoutMs: settings.timeout_ms,
        clock: ports.clock,
      }),
    }),
});
