/**
 * The rooms whose tests are measured: the files that are changed, and the tests that must notice. The tests run in one
 * process and start neither a database nor a program, so that one change is tried in a fraction of a second. Files that
 * only tests with a database reach are left out.
 */
export const ROOMS = {
  execution: {
    mutate: ['gateway/execution/**/*.ts'],
    tests: ['tests/gateway/execution/**/*.test.ts'],
    leftOut: ['tests/gateway/execution/differential/**'],
  },
  decisions: {
    mutate: ['policies/{gate,decision,consent}/**/*.ts', '!policies/consent/{store,guard,consent-rows}.ts'],
    tests: ['tests/policies/{gate,decision,consent,nexus,protection}/**/*.test.ts'],
    // The last one starts Node on what the build made.
    leftOut: ['tests/policies/consent/{store,guard}.test.ts', 'tests/policies/decision/cedar.test.ts'],
  },
  auth: {
    mutate: ['gateway/auth/**/*.ts', '!gateway/auth/postgres-replay.ts'],
    tests: ['tests/gateway/auth/**/*.test.ts'],
    leftOut: ['tests/gateway/auth/postgres-replay.test.ts'],
  },
  audit: {
    mutate: [
      'monitoring/audit/{canonical,commitment,entries}.ts',
      'monitoring/audit/append/{batcher,live-requests,prepared-entry,refusal-window}.ts',
    ],
    tests: ['tests/monitoring/audit/{,append/}*.test.ts', 'tests/gateway/stages/**/*.test.ts'],
    leftOut: [
      'tests/monitoring/audit/{field-usage,privileges,reader}.test.ts',
      'tests/monitoring/audit/append/{append,postgres-log,recovery}.test.ts',
    ],
  },
  resilience: {
    mutate: ['adapters/resilience/**/*.ts'],
    tests: ['tests/adapters/resilience/**/*.test.ts', 'tests/adapters/open-adapters.test.ts'],
  },
  quality: {
    mutate: ['schemas/quality/**/*.ts'],
    tests: ['tests/schemas/quality/**/*.test.ts'],
  },
};
