import { z } from 'zod';

const postgresUrl = z.url({ protocol: /^postgres(ql)?$/ });

/** Part `database`: the PostgreSQL that holds log, consents and handles. */
export const databaseConfig = z.strictObject({
  url: postgresUrl
    .optional()
    .describe(
      'Server and runtime role. DATABASE_URL in the environment is taken where the file is silent; without either, an embedded PostgreSQL is run.',
    ),
  admin_url: postgresUrl
    .optional()
    .describe(
      'Server and owner role, for `tereze db migrate` only. DATABASE_ADMIN_URL is taken where the file is silent.',
    ),
  directory: z.string().min(1).default('.tereze/postgres').describe('Data directory of the embedded PostgreSQL.'),
});
