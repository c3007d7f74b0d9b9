import type { ConfigRule } from './rule.js';

/** After a breach the people affected must be told. In `production` the file says whether that will be possible. */
export const statedIdentity: ConfigRule = ({ environment, audit }) =>
  environment === 'production' && audit.identity === undefined
    ? [
        {
          path: ['audit', 'identity'],
          problem:
            'is missing: in `environment: production` name recipients, so that people can be found from entries, or say `none`',
        },
      ]
    : [];
