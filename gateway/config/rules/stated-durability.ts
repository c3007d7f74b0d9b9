import type { ConfigRule } from './rule.js';

/** In `production` an embedded database, which has no standby, is used only where the file says so. */
export const statedDurability: ConfigRule = ({ environment, audit, database }) =>
  environment === 'production' && database.url === undefined && audit.durability !== 'single_node'
    ? [
        {
          path: ['audit', 'durability'],
          problem: 'must be `single_node` for an embedded database in `environment: production`; or set DATABASE_URL',
        },
      ]
    : [];
