import { z } from 'zod';

const postgresUrl = z.url({ protocol: /^postgres(ql)?$/ });

/** Part `database`: the PostgreSQL that holds log, consents and handles. */
export const databaseConfig = z.strictObject({
  url: postgresUrl
    .optional()
    .describe(
      'Server and runtime role. If the file does not set it, DATABASE_URL of the environment is used; without either, an embedded PostgreSQL runs.',
    ),
  admin_url: postgresUrl
    .optional()
    .describe(
      'Server and owner role, for `tereze db migrate` only. If the file does not set it, DATABASE_ADMIN_URL of the environment is used.',
    ),
  runtime_role: z
    .string()
    .min(1)
    .max(63)
    .default('tereze_runtime')
    .describe(
      'The group to which `tereze db migrate` grants, and of which it makes the login of `url` a member. Several installations in one server each need a name of their own.',
    ),
  directory: z.string().min(1).default('.tereze/postgres').describe('Data directory of the embedded PostgreSQL.'),
});
