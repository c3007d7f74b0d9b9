import type { ConfigRule } from './rule.js';

/** Several processes cannot hold one embedded database. */
export const workersShareDatabase: ConfigRule = ({ server, database }) =>
  server.workers > 1 && database.url === undefined
    ? [
        {
          path: ['server', 'workers'],
          problem: 'above 1 needs a PostgreSQL of the installation’s own: set DATABASE_URL',
        },
      ]
    : [];
