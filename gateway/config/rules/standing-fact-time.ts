import type { ConfigRule } from './rule.js';

/** Fact time stands still in a demo or a test only. */
export const standingFactTime: ConfigRule = ({ environment, jurisdiction }) =>
  environment === 'production' && jurisdiction.fact_date !== undefined
    ? [
        {
          path: ['jurisdiction', 'fact_date'],
          problem: 'must be absent in `environment: production`: fact time is real time there',
        },
      ]
    : [];
