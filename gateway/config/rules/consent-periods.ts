import type { ConfigRule } from './rule.js';

/** The usual period of a consent is not longer than the longest. */
export const consentPeriods: ConfigRule = ({ consent }) =>
  consent.default_days > consent.max_days
    ? [{ path: ['consent', 'default_days'], problem: 'must not be more than consent.max_days' }]
    : [];
