import type { Command } from 'commander';
import type { Criticality, SchemaChange } from '../../../schemas/catalogue/changes/change.js';
import type { Terminal } from '../terminal.js';
import { changesBetween, readSide } from './side.js';

/** `tereze schema diff`. */
export function addDiff(schema: Command, terminal: Terminal): void {
  schema
    .command('diff')
    .description(
      'Say what changed between two schemas, for those who ask; of governance too, between two folders of registers.',
    )
    .argument('<old>', 'a supergraph file, or a folder with one folder a register')
    .argument('<new>', 'a supergraph file, or a folder with one folder a register')
    .option('--json', 'print the changes as JSON')
    .addHelpText(
      'after',
      '\nEnds with 1 when a change is breaking.\n\nExample:\n  npx tereze schema diff supergraph.graphql schemas/registers\n',
    )
    .action((before: string, after: string, options: { json?: boolean }) => diff(before, after, options, terminal));
}

async function diff(before: string, after: string, { json }: { json?: boolean }, terminal: Terminal): Promise<void> {
  const [old, now] = [readSide(before), readSide(after)];
  const changes = await changesBetween(old, now);
  const governanceCompared = old.governance !== undefined && now.governance !== undefined;
  if (json) terminal.print(`${JSON.stringify({ ...counts(changes), governanceCompared, changes })}\n`);
  else
    terminal.print(
      `${summary(changes)}${governanceCompared ? '' : ' Governance is compared between two folders of registers only.'}\n${changes.map(changeLine).join('')}`,
    );
  if (changes.some(({ criticality }) => criticality === 'breaking')) terminal.fail();
}

function counts(changes: readonly SchemaChange[]): Readonly<Record<Criticality, number>> {
  const count = (criticality: Criticality): number =>
    changes.filter((change) => change.criticality === criticality).length;
  return { breaking: count('breaking'), dangerous: count('dangerous'), safe: count('safe') };
}

function summary(changes: readonly SchemaChange[]): string {
  const { breaking, dangerous, safe } = counts(changes);
  return changes.length === 0 ? 'Nothing changed.' : `${breaking} breaking, ${dangerous} dangerous, ${safe} safe.`;
}

function changeLine({ criticality, message }: SchemaChange): string {
  return `  ${criticality.padEnd(9)}  ${message}\n`;
}
