import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Described, ListedOperation } from '../../describe/describe.js';
import { CATEGORY_PLACEHOLDER } from '../../describe/write/schema-text.js';

/** What the command line said. */
export interface Told {
  readonly source: string;
  readonly name: string;
  readonly folder: string;
  readonly isList: boolean;
}

/** Returns what the command prints for a person: operations, what the document does not say, files, next steps. */
export function told(
  { title, operations, files, said, settings }: Described,
  { source, name, folder, isList }: Told,
): string {
  const lines = [
    ...(title === undefined ? [] : [title]),
    ...operations.map(operationLine),
    ...(said.length > 0
      ? ['', 'Not said:', ...said.map(({ place, message }) => `  ${source}: ${place}: ${message}`)]
      : []),
  ];
  if (files)
    lines.push(
      ...['', 'Written:', ...Object.keys(files).map((file) => `  ${join(folder, file)}`)],
      ...[
        '',
        'Next:',
        `  1. Write a category for each "${CATEGORY_PLACEHOLDER}" in ${join(folder, 'schema.graphql')}.`,
      ],
      ...['  2. Put into the configuration:', '', indented(stringify({ registers: { [name]: settings } })), ''],
      ...['  3. npx tereze schema check', `  4. npx tereze register probe ${name}`],
    );
  else if (isList) lines.push('', 'Choose with --operation NAME.');
  return `${lines.join('\n')}\n`;
}

function operationLine({ name, state, why, title, aliases: [alias], of }: ListedOperation): string {
  const about = state === 'ready' ? (title ?? '') : `${state === 'example' ? 'needs --example: ' : ''}${why ?? ''}`;
  return `  ${state.padEnd(8)} ${name}${of === undefined ? (alias === undefined ? '' : ` (${alias})`) : ` (a kind of ${of})`}${about === '' ? '' : `: ${about}`}`;
}

function indented(text: string): string {
  return text.trimEnd().replace(/^/gm, '       ');
}
