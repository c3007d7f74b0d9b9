import { statSync } from 'node:fs';
import { governanceChanges } from '../../../schemas/catalogue/changes/governance-changes.js';
import { publicChanges } from '../../../schemas/catalogue/changes/public-changes.js';
import { sortedChanges, type SchemaChange } from '../../../schemas/catalogue/changes/change.js';
import { collectGovernance, type GovernanceFacts } from '../../../schemas/catalogue/governance-index.js';
import { composeFolder, readRegisters } from './registers.js';
import { readSupergraph } from './supergraph.js';

/** One side of a comparison. */
export interface Side {
  readonly publicSdl: string;
  /** Absent for a supergraph file: it does not carry governance. */
  readonly governance?: GovernanceFacts;
}

/** Reads a folder of registers, or a supergraph file. Wrong use when there is neither. */
export function readSide(path: string): Side {
  if (!(statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false))
    return { publicSdl: readSupergraph(path).publicSdl };
  return { publicSdl: composeFolder(path).publicSdl, governance: collectGovernance(readRegisters(path)) };
}

/** What changed for those who ask, and of governance where both sides have it. */
export async function changesBetween(before: Side, after: Side): Promise<readonly SchemaChange[]> {
  const ofPublic = await publicChanges(before.publicSdl, after.publicSdl);
  return before.governance === undefined || after.governance === undefined
    ? ofPublic
    : sortedChanges([...ofPublic, ...governanceChanges(before.governance, after.governance)]);
}
