import { z } from 'zod';
import { tlsSettings } from '../../schemas/tls/settings.js';
import { readTls } from '../../schemas/tls/read-tls.js';
import { commonSettings, defineProtocol, filePath, readSecret } from '../protocol.js';
import { formOf, sqlSource } from './source.js';
import { outlineOfSql } from './outline.js';
import { createSqlAdapter } from './sql-adapter.js';
import { createSqlReader, type SqlReaderOptions } from './reader/sql-reader.js';

const settings = z
  .strictObject({
    protocol: z.literal('sql'),
    host: z.string().min(1).describe('Host of the register’s PostgreSQL.'),
    port: z.int().min(1).max(65_535).describe('Port of the register’s PostgreSQL.'),
    database: z.string().min(1).describe('Name of its database.'),
    user: z.string().min(1).describe('Role that can only read.'),
    password_file: filePath.describe('File with the role’s password.'),
    tls_ca_file: filePath
      .optional()
      .describe('File with the authority (PEM) that signs the server’s certificate; `tls` says the same, and more.'),
    tls: tlsSettings.optional().describe('How TLS is spoken to the server; with it the connection is TLS, or none.'),
    ...commonSettings,
  })
  .superRefine(({ tls_ca_file: caFile, tls }, context) => {
    if (caFile !== undefined && tls !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['tls_ca_file'],
        message: 'is given with tls: write it as tls.ca_file',
      });
  });

export const sql = defineProtocol({
  name: 'sql',
  source: sqlSource,
  settings,
  credentialKeys: ['password_file', 'tls.cert_file', 'tls.key_file'],
  locationOf: ({ host, port, database, tls_ca_file: caFile, tls }: z.output<typeof settings>) => ({
    address: `${host}:${port}/${database}`,
    hostname: host,
    isEncrypted: caFile !== undefined || tls !== undefined,
    encryptedBy: 'tls_ca_file',
  }),
  outlineOf: outlineOfSql,
  createAdapter: ({ register, source, settings: { host, port, database, user, ...settings }, ...ports }) =>
    createSqlAdapter({
      register,
      source: formOf(source),
      reader: createSqlReader({
        register,
        host,
        port,
        database,
        user,
        password: readSecret(settings.password_file),
        tls: tlsOf(settings),
        maxConnections: settings.max_in_flight,
        maxResponseBytes: ports.maxResponseBytes,
        timeoutMs: settings.timeout_ms,
        clock: ports.clock,
      }),
    }),
});

/** Undefined: no TLS. */
function tlsOf({
  tls_ca_file: caFile,
  tls,
}: Pick<z.output<typeof settings>, 'tls_ca_file' | 'tls'>): SqlReaderOptions['tls'] {
  if (caFile === undefined && tls === undefined) return undefined;
  return readTls(tls ?? { ca_file: caFile });
}
