import type { ConfigRule } from './rule.js';

/**
 * Outside the demo the logs have the name of the installation: receipts and checkpoints of two installations could not be
 * told apart without it. Signed checkpoints need it everywhere.
 */
export const namedLogs: ConfigRule = ({ environment, audit }) =>
  audit.origin === undefined && (environment !== 'demo' || audit.key_file !== undefined)
    ? [
        {
          path: ['audit', 'origin'],
          problem:
            'is missing: receipts and checkpoints name the logs by it, such as `log.example.kz/tereze`; choose it once, it never changes',
        },
      ]
    : [];
