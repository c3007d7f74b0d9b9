import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PolicyFileInvalid } from './policy-file-invalid.js';

const SCHEMA_FILE = 'schema.cedarschema';

/** A folder of rules as text: one schema, and any number of policy files in the order of their names. */
export interface RuleFiles {
  readonly schema: RuleFile;
  readonly policies: readonly RuleFile[];
}

export interface RuleFile {
  readonly file: string;
  readonly text: string;
}

/** Reads a folder of rules. @throws {@link PolicyFileInvalid} when it or its schema cannot be read. */
export function readRuleFiles(folder: string): RuleFiles {
  const names = readFolder(folder).filter((name) => name.endsWith('.cedar'));
  return {
    schema: readRuleFile(join(folder, SCHEMA_FILE)),
    policies: names.sort().map((name) => readRuleFile(join(folder, name))),
  };
}

function readFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw new PolicyFileInvalid({ file: folder, problem: 'the folder of rules cannot be read', cause });
  }
}

function readRuleFile(file: string): RuleFile {
  try {
    return { file, text: readFileSync(file, 'utf8') };
  } catch (cause) {
    throw new PolicyFileInvalid({ file, problem: 'cannot be read', cause });
  }
}
