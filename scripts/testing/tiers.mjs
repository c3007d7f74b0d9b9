import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Parts of `tests/` that start a process, a database or the whole country, or that ask thousands of
 * questions. All other test files are the unit tier: they start nothing but servers on loopback.
 */
const BEYOND_UNIT = [
  'tests/process/',
  'tests/system/',
  'tests/demo/',
  'tests/fuzz/',
  'tests/gateway/state/',
  'tests/gateway/cli/schema/',
  'tests/gateway/execution/differential/',
  'tests/adapters/sql/',
  'tests/monitoring/audit/',
  'tests/monitoring/sinks/',
  'tests/docs/verify/',
  'tests/policies/allowed-permissions.test.ts',
  // A folder and single files that ask thousands of questions.
  'tests/adapters/registers-over-http.test.ts',
  'tests/adapters/soap/signing/differential/',
  'tests/adapters/soap/signing/unsigned-envelope.test.ts',
  'tests/conformance/register-new-mistakes.test.ts',
  'tests/gateway/bounded-caches.test.ts',
  'tests/schemas/quality/standard.test.ts',
  // Single files that start a database.
  'tests/conformance/registers-governed.test.ts',
  'tests/gateway/access/every-ending.test.ts',
  'tests/gateway/approvals/postgres-approvals.test.ts',
  'tests/gateway/auth/first-uses.test.ts',
  'tests/gateway/auth/postgres-replay.test.ts',
  'tests/gateway/cli/register-probe/drift.test.ts',
  'tests/gateway/describe/table/reader.test.ts',
  'tests/gateway/officers/address.test.ts',
  'tests/gateway/officers/approvals.test.ts',
  'tests/gateway/officers/roles.test.ts',
  'tests/gateway/stages/acts.test.ts',
  'tests/policies/consent/bounds.test.ts',
  'tests/policies/consent/category-rows.test.ts',
  'tests/policies/consent/guard.test.ts',
  'tests/policies/consent/pages.test.ts',
  'tests/policies/consent/states.test.ts',
  'tests/policies/consent/store.test.ts',
  'tests/policies/consent/texts.test.ts',
  'tests/policies/disclosure/handles.test.ts',
  // Single files that run whole commands.
  'tests/gateway/cli/ask.test.ts',
  'tests/gateway/cli/audit/export/rows.test.ts',
  'tests/gateway/cli/consent.test.ts',
  'tests/gateway/cli/demo-fault.test.ts',
  'tests/gateway/cli/program.test.ts',
  'tests/gateway/cli/register-new/command.test.ts',
  'tests/gateway/cli/register-probe/command.test.ts',
  'tests/gateway/cli/register.test.ts',
  'tests/gateway/cli/serve.test.ts',
  // Single files that start a process: to read contracts and descriptions, to plan, and to make certificates.
  'tests/adapters/soap/canary.test.ts',
  'tests/conformance/register-new-openapi.test.ts',
  'tests/gateway/compose/unevaluated-rules.test.ts',
  'tests/gateway/describe/described.test.ts',
  'tests/gateway/describe/graphql/reader.test.ts',
  'tests/gateway/planning/hostile-documents.test.ts',
  'tests/gateway/planning/planner/planner-process.test.ts',
  'tests/gateway/planning/planner/planner-processes.test.ts',
  'tests/policies/decision/cedar.test.ts',
  'tests/schemas/failures/connection-reason.test.ts',
  'tests/schemas/generated-function.test.ts',
  'tests/schemas/quality/contracts.test.ts',
  'tests/schemas/quality/contracts/',
  'tests/schemas/quality/record-check.test.ts',
  'tests/schemas/time/instant.test.ts',
];

/** Returns every test file below `root`, as the path of its source: `tests/schemas/errors.test.ts`. */
export function allTests(root) {
  return readdirSync(join(root, 'dist', 'tests'), { recursive: true })
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => `tests/${name.replaceAll('\\', '/').replace(/\.js$/, '.ts')}`)
    .sort();
}

/**
 * Returns the tests of the unit tier. Throws if a part above has no test: after a rename its tests would
 * run in this tier.
 */
export function unitTests(tests) {
  const gone = BEYOND_UNIT.find((part) => !tests.some((file) => file.startsWith(part)));
  if (gone !== undefined) throw new Error(`scripts/testing/tiers.mjs names ${gone}, and no test has that path`);
  return tests.filter(isUnit);
}

export function isUnit(file) {
  return !BEYOND_UNIT.some((part) => file.startsWith(part));
}

/** Returns the compiled file of a test. */
export function builtFile(root, file) {
  return join(root, 'dist', file.replace(/\.ts$/, '.js'));
}
