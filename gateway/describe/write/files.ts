import { contractText } from './contract-text.js';
import type { RegisterPlan } from './plan.js';
import { schemaText } from './schema-text.js';
import { sourceText } from './source-text.js';

/** Texts of a register's folder, by name of the file. */
export type RegisterFiles = Readonly<Record<'schema.graphql' | 'contract.yaml' | 'source.yaml', string>>;

/** Writes the three files of a register. Pure: the same plan gives the same texts. */
export function registerFiles(plan: RegisterPlan): RegisterFiles {
  return {
    'schema.graphql': schemaText(plan),
    'contract.yaml': contractText(plan),
    'source.yaml': sourceText(plan),
  };
}
