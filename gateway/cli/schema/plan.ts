import { join } from 'node:path';
import type { Command } from 'commander';
import { buildPublicSchema } from '../../../schemas/catalogue/public-schema.js';
import type { Catalogue } from '../../../schemas/catalogue/governance.js';
import { Refusal } from '../../../schemas/refusal.js';
import { limitsConfig } from '../../config/parts/limits.js';
import { EVERYTHING_BUT_SUBSCRIPTIONS, QUERIES_ONLY } from '../../planning/document/validate.js';
import { footprintDependencies } from '../../planning/footprint/footprint.js';
import type { PlannedDocument } from '../../planning/plan.js';
import { createDocumentPreparer } from '../../planning/prepare.js';
import { describePlan } from '../../planning/render/describe-plan.js';
import { renderMermaid } from '../../planning/render/mermaid.js';
import { renderTree } from '../../planning/render/tree.js';
import { packageRoot } from '../../state/package-root.js';
import { CommandFailure } from '../command-failure.js';
import type { Terminal } from '../terminal.js';
import { withPlanner } from '../with-planner.js';
import { explainRefusal } from './explain-refusal.js';
import { readOperation } from './operation.js';
import { composeFolder, OWN_REGISTERS } from './registers.js';
import { readSupergraph } from './supergraph.js';

interface PlanOptions {
  readonly operationName?: string;
  readonly registers?: string;
  readonly supergraph?: string;
  readonly documents: string;
  readonly json?: boolean;
  readonly mermaid?: boolean;
}

/** `tereze schema plan`. */
export function addPlan(schema: Command, terminal: Terminal): void {
  schema
    .command('plan')
    .description(
      'Show how a question is answered: which registers are called in which order, what each call reads, and about which person.',
    )
    .argument(
      '<operation>',
      'a trusted document by name or sha256:<hex>, a file with a GraphQL document, or - for standard input',
    )
    .option('--operation-name <name>', 'which operation of the document')
    .option('--registers <folder>', `folder with one folder a register (default: ${JSON.stringify(OWN_REGISTERS)})`)
    .option('--supergraph <file>', 'plan over this supergraph alone, without categories and persons')
    .option('--documents <folder>', 'folder of the trusted documents', join(packageRoot(), 'schemas', 'operations'))
    .option('--json', 'print the plan as JSON')
    .option('--mermaid', 'print the plan as a Mermaid flowchart')
    .addHelpText('after', '\nExample:\n  npx tereze schema plan FamilyCard\n')
    .action((operation: string, options: PlanOptions) => plan(operation, options, terminal));
}

async function plan(operation: string, options: PlanOptions, terminal: Terminal): Promise<void> {
  if (options.json && options.mermaid) throw new CommandFailure('usage', 'say one of --json and --mermaid');
  const text = await readOperation(operation, options.documents, terminal);
  const catalogue = catalogueOf(options);
  const description = describePlan(await prepared(text, options, catalogue), footprintDependencies(catalogue));
  if (options.json) terminal.print(`${JSON.stringify(description)}\n`);
  else terminal.print(options.mermaid ? renderMermaid(description) : renderTree(description));
}

function catalogueOf({ registers, supergraph }: PlanOptions): Catalogue {
  if (supergraph === undefined) return composeFolder(registers ?? OWN_REGISTERS);
  if (registers !== undefined) throw new CommandFailure('usage', 'say one of --registers and --supergraph');
  return readSupergraph(supergraph);
}

/** As long as a request body may be when the configuration does not say. */
const MAX_BYTES = 65_536;

/** Under the limits that a gateway has when its configuration says nothing: what it would refuse has no plan. */
async function prepared(
  text: string,
  { operationName, supergraph }: PlanOptions,
  catalogue: Catalogue,
): Promise<PlannedDocument> {
  const { tokens, depth, aliases, root_fields: maxRootFields, fields, fragments } = limitsConfig.parse({}).document;
  const limits = {
    maxBytes: MAX_BYTES,
    maxTokens: tokens,
    maxDepth: depth,
    maxAliases: aliases,
    maxRootFields,
    maxFields: fields,
    maxFragments: fragments,
  };
  const allowedOperations = supergraph === undefined ? QUERIES_ONLY : EVERYTHING_BUT_SUBSCRIPTIONS;
  const publicSchema = buildPublicSchema(catalogue.publicSdl);
  try {
    return await withPlanner(catalogue.supergraphSdl, (planner) =>
      createDocumentPreparer({
        catalogue,
        publicSchema,
        planner,
        limits,
        allowedOperations,
        maxDocuments: 1,
        maxPlanning: 1,
      }).prepare(text, operationName, undefined),
    );
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const told = [
      [`the gateway would refuse this document: ${error.code}`, ...error.reasons].join(' '),
      ...explainRefusal(error, text, publicSchema).map((line) => `  ${line}`),
    ];
    throw new CommandFailure('failed', told.join('\n'), error.message);
  }
}
