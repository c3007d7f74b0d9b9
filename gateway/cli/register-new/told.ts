import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import type { Described, ListedOperation } from '../../describe/describe.js';
import type { RegisterFiles } from '../../describe/write/files.js';
import { CATEGORY_PLACEHOLDER } from '../../describe/write/schema-text.js';
import { OWN_REGISTERS } from '../schema/registers.js';

/** What the command line said. */
export interface Told {
  readonly source: string;
  readonly name: string;
  readonly folder: string;
  readonly isList: boolean;
  /** `--config`, for the commands that follow. */
  readonly config: string | undefined;
}

/** Returns what the command prints for a person: operations, what the document does not say, files, next steps. */
export function told(
  { title, operations, files, said, settings }: Described,
  { source, name, folder, isList, config }: Told,
): string {
  const lines = [
    ...(title === undefined ? [] : [title]),
    ...operations.map(operationLine),
    ...(said.length > 0
      ? ['', 'Not said:', ...said.map(({ place, message }) => `  ${source}: ${place}: ${message}`)]
      : []),
    ...(files ? ['', 'Written:', ...Object.keys(files).map((file) => `  ${join(folder, file)}`)] : []),
    ...(isList ? ['', 'Choose with --operation NAME.'] : []),
  ].map(printable);
  if (files) lines.push('', 'Next:', ...stepsOf(files, { name, folder, settings, config }));
  return `${lines.join('\n')}\n`;
}

function stepsOf(
  files: RegisterFiles,
  { name, folder, settings, config }: Pick<Told, 'name' | 'folder' | 'config'> & Pick<Described, 'settings'>,
): readonly string[] {
  const parent = dirname(folder);
  const steps = [
    `Write a category for each "${CATEGORY_PLACEHOLDER}" in ${join(folder, 'schema.graphql')}.`,
    ...(files['source.yaml'].includes('identifier_in_address')
      ? [`Write the agreement with the register’s owner into identifier_in_address in ${join(folder, 'source.yaml')}.`]
      : []),
    `npx tereze schema check${parent === OWN_REGISTERS ? '' : ` --registers ${parent}`}`,
    `Put into ${config ?? 'the configuration'}, with what it leaves open:\n\n${indented(stringify({ registers: { [name]: settings } }))}\n`,
    `npx tereze register probe ${name}${config === undefined ? '' : ` --config ${config}`}`,
  ];
  return steps.map((step, index) => `  ${index + 1}. ${step}`);
}

/** A document's text on a terminal: without characters that move the cursor or turn the line. */
function printable(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}]/gu, ' ');
}

function operationLine({ name, state, why, title, aliases: [alias], of }: ListedOperation): string {
  const about = state === 'ready' ? (title ?? '') : `${state === 'example' ? 'needs --example: ' : ''}${why ?? ''}`;
  return `  ${state.padEnd(8)} ${name}${of === undefined ? (alias === undefined ? '' : ` (${alias})`) : ` (a kind of ${of})`}${about === '' ? '' : `: ${about}`}`;
}

function indented(text: string): string {
  return text.trimEnd().replace(/^/gm, '       ');
}
