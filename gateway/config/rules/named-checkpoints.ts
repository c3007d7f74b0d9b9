import type { ConfigRule } from './rule.js';

/** Signed checkpoints carry the name of the installation: two installations without one could not be told apart. */
export const namedCheckpoints: ConfigRule = ({ audit }) =>
  audit.key_file !== undefined && audit.origin === undefined
    ? [
        {
          path: ['audit', 'origin'],
          problem: 'is missing: with audit.key_file, checkpoints are signed under this name',
        },
      ]
    : [];
