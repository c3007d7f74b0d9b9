import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Command } from 'commander';
import { collectGovernance } from '../../../schemas/catalogue/governance-index.js';
import { buildPublicSchema } from '../../../schemas/catalogue/public-schema.js';
import { loadDocuments } from '../../../schemas/operations/load-documents.js';
import { loadQuality } from '../../../schemas/quality/load-quality.js';
import { reachesOf } from '../../approvals/approved-documents.js';
import { documentChanges, publish, publishedDocuments, type DocumentChange } from '../../approvals/publication.js';
import { systemClock } from '../../compose/clock.js';
import { configuredPreparer } from '../../compose/preparer.js';
import { limitsConfig } from '../../config/parts/limits.js';
import { serverConfig } from '../../config/parts/server.js';
import { footprintDependencies } from '../../planning/footprint/footprint.js';
import { packageRoot } from '../../state/package-root.js';
import type { Terminal } from '../terminal.js';
import { withPlanner } from '../with-planner.js';
import { composeFolder, OWN_REGISTERS, readRegisters } from './registers.js';

/** The trusted documents that come with this package. */
const OWN_OPERATIONS = join(packageRoot(), 'schemas', 'operations');

interface PublishOptions {
  readonly to: string;
  readonly registers: string;
  readonly operations: string;
  readonly json?: boolean;
}

/** `tereze schema publish`. */
export function addPublish(schema: Command, terminal: Terminal): void {
  schema
    .command('publish')
    .description(
      'Plan every trusted document again, and write schema, consent index, versions and what each document reaches as a bundle under its hash.',
    )
    .requiredOption('--to <folder>', 'folder of publications; its file "current" names the latest')
    .option('--registers <folder>', 'folder with one folder a register', OWN_REGISTERS)
    .option('--operations <folder>', 'folder of trusted documents', OWN_OPERATIONS)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze schema publish --to publications\n')
    .action((options: PublishOptions) => publishSchema(options, terminal));
}

async function publishSchema(
  { to, registers: folder, operations, json }: PublishOptions,
  terminal: Terminal,
): Promise<void> {
  const catalogue = composeFolder(folder);
  const registers = readRegisters(folder);
  const config = { limits: limitsConfig.parse({}), server: serverConfig.parse({ public_url: 'http://127.0.0.1' }) };
  const documents = await withPlanner(catalogue.supergraphSdl, (planner) => {
    const preparer = configuredPreparer(config, {
      catalogue,
      publicSchema: buildPublicSchema(catalogue.publicSdl),
      planner,
    });
    return reachesOf(loadDocuments(operations).all, { preparer, dependencies: footprintDependencies(catalogue) });
  });
  const quality = await loadQuality(folder, systemClock({ timeZone: 'UTC' }), terminal.contracts);
  const before = publishedDocuments(to);
  const changes = documentChanges(before ?? [], documents);
  const hash = publish(to, {
    catalogue: catalogue.hash,
    supergraph: catalogue.supergraphSdl,
    governance: collectGovernance(registers),
    contracts: Object.fromEntries(registers.map(({ name }) => [name, quality.contractVersion(name)])),
    planner: plannerVersion(),
    documents,
  });
  terminal.print(
    json
      ? `${JSON.stringify({ hash, catalogue: catalogue.hash, changes })}\n`
      : `${join(to, hash)}: ${catalogue.hash}, ${documents.length} trusted documents\n${describe(changes)}`,
  );
}

function describe(changes: readonly DocumentChange[]): string {
  const lines = changes.map(({ name, kind, changes: told }) =>
    [`  ${name}: ${kind}`, ...told.map((change) => `    ${change}`), ''].join('\n'),
  );
  const hint = changes.some(({ kind }) => kind === 'changed')
    ? 'What changed is loaded once an officer approves it: npx tereze operation approve NAME --as OFFICER\n'
    : '';
  return lines.length === 0 ? 'No document reaches anything else than before.\n' : lines.join('') + hint;
}

function plannerVersion(): string {
  const { version } = createRequire(import.meta.url)('@graphql-hive/router-query-planner/package.json') as {
    version: string;
  };
  return version;
}
