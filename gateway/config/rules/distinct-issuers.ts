import type { ConfigRule } from './rule.js';

/** An issuer is named once: its tokens are checked with one set of keys. */
export const distinctIssuers: ConfigRule = ({ authentication: { issuers } }) =>
  issuers.flatMap(({ issuer }, position) =>
    issuers.findIndex((other) => other.issuer === issuer) === position
      ? []
      : [{ path: ['authentication', 'issuers', position, 'issuer'], problem: 'is given twice' }],
  );
