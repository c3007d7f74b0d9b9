/**
 * The floors of a folder, lowest first: its files (without `.ts`) and folders. One floor may import those below it and
 * its own, never one above, `import type` included. Every file and folder must have a floor.
 */
export const FLOORS = {
  gateway: [
    ['access', 'request', 'errors', 'planning', 'state', 'probe', 'signals', 'turns'],
    ['execution', 'run-pipeline', 'config', 'approvals'],
    ['auth', 'admission'],
    ['stages'],
    ['pipeline', 'http'],
    ['compose'],
    ['cli'],
  ],
  'gateway/execution': [
    ['data', 'reads', 'port'],
    ['gate'],
    ['accept'],
    ['run'],
    ['fetch', 'answer'],
    ['compile'],
    ['executor'],
    ['open-execution'],
  ],
  'gateway/planning': [
    ['document'],
    ['plan'],
    ['plan-walk', 'planner', 'variables'],
    ['footprint'],
    ['passes', 'prepared-once', 'render'],
    ['prepare'],
    ['plan-documents'],
  ],
};

/**
 * What a room exports to `gateway/`: its files (without `.ts`), from the room. Everything else is the room's own. An
 * addition is a decision: prefer a port, or what `open...` returns.
 */
export const EXPORTS = {
  adapters: ['config', 'open-adapters', 'port', 'protocol', 'protocols'],
  monitoring: [
    'audit/append',
    'audit/batcher',
    'audit/canonical',
    'audit/close-logs',
    'audit/commitment',
    'audit/entries',
    'audit/entries/state',
    'audit/field-usage',
    'audit/log-heads',
    'audit/lost-entries',
    'audit/open-audit',
    'audit/port',
    'audit/prepared-entry',
    'audit/reader',
    'audit/stored-entry',
    'audit/verify-answer',
    'config',
    'log',
    'metrics',
    'observer',
    'write-watch',
  ],
  policies: [
    'config',
    'consent/guard',
    'consent/own-consent',
    'consent/page-cursor',
    'consent/port',
    'consent/request',
    'consent/restrict',
    'consent/store',
    'decision/cedar-engine',
    'decision/consentable',
    'decision/permissions',
    'decision/policy-set',
    'decision/possible-grounds',
    'decision/port',
    'decision/purposes',
    'decision/rule-files',
    'decision/view',
    'disclosure/handles',
    'disclosure/port',
    'disclosure/pseudonyms',
    'gate/open-gate',
    'load-policies',
    'nexus/nexus-unavailable',
    'nexus/port',
    'nexus/probe-case',
    'open-policies',
    'secret',
  ],
};
