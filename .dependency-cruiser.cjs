/** Which room may import which (docs/architecture.md, Rooms). */
const room = (name) => `^${name}/`;
const onlyFrom = (name, to, from) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: to },
});

module.exports = {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'scripts/imports.mjs looks for circles between folders, too.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    onlyFrom('schemas-imports-no-room', '^(adapters|policies|monitoring|gateway|demo)/', room('schemas')),
    onlyFrom('adapters-meet-others-in-ports', '^(policies|monitoring|gateway|demo)/', room('adapters')),
    onlyFrom('policies-meet-others-in-ports', '^(adapters|monitoring|gateway|demo)/', room('policies')),
    onlyFrom('monitoring-meets-others-in-ports', '^(adapters|policies|gateway|demo)/', room('monitoring')),
    onlyFrom('gateway-does-not-import-demo', '^(demo|tests|bench)/', room('gateway')),
    onlyFrom('demo-imports-no-tests', '^(tests|bench)/', room('demo')),
    {
      name: 'pipeline-knows-no-host',
      comment: 'Apollo Server and Express host the pipeline; the pipeline does not know them.',
      severity: 'error',
      from: { path: '^gateway/(pipeline|run-pipeline|request)\\.ts$|^gateway/stages/' },
      to: { path: 'node_modules/(@apollo|@as-integrations|express)/' },
    },
    {
      name: 'cedar-on-a-safe-engine',
      comment: 'policies/decision/cedar.ts says why.',
      severity: 'error',
      from: {
        path: '^(policies|gateway|adapters|schemas|monitoring|demo)/',
        pathNot: '^policies/decision/cedar\\.ts$',
      },
      to: { path: 'node_modules/@cedar-policy/' },
    },
    {
      name: 'one-composition-root',
      comment: 'Only compose/ (and what starts it) constructs; stages get what they need.',
      severity: 'error',
      from: { path: '^gateway/stages/' },
      to: { path: '^gateway/compose/' },
    },
    {
      name: 'no-dev-dependency-in-product',
      severity: 'error',
      from: { path: '^(schemas|adapters|policies|monitoring|gateway)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
