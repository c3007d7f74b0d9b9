import { existsSync, mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { declaredTypes, ROOT_TYPES } from '../../schemas/catalogue/declared-types.js';
import { loadRegisters } from '../../schemas/catalogue/register-schema.js';
import type { Described, ListedOperation } from '../describe/describe.js';
import { described } from '../describe/described.js';
import type { DescribeRequest } from '../describe/protocol.js';
import { READERS } from '../describe/readers.js';
import { MAX_DOCUMENT_BYTES } from '../describe/referenced.js';
import { CATEGORY_PLACEHOLDER } from '../describe/write/schema-text.js';
import { CommandFailure } from './command-failure.js';
import { collect } from './options.js';
import { OWN_REGISTERS } from './schema/registers.js';
import type { Terminal } from './terminal.js';

interface NewOptions {
  readonly from: string;
  readonly operation: readonly string[];
  readonly example: readonly string[];
  readonly import: readonly string[];
  readonly personal: readonly string[];
  readonly constant: readonly string[];
  readonly depth: string;
  readonly registers: string;
  readonly json?: boolean;
}

/** `tereze register new`: the folder of a register from the document that the register publishes. */
export function addRegisterNew(register: Command, terminal: Terminal): void {
  register
    .command('new')
    .description(
      'Write the folder of a register from the document that it publishes. Without --operation, list what the document offers.',
    )
    .argument('<name>', 'name of the register: small letters, digits, hyphens')
    .argument('<source>', 'the document')
    .requiredOption('--from <kind>', `language of the document: ${Object.keys(READERS).join(', ')}`)
    .option('--operation <name>', 'an operation to connect, by its id or as "GET /path"; repeatable', collect, [])
    .option(
      '--example <operation=file>',
      'an example answer, where the document describes none; FILE alone with one --operation',
      collect,
      [],
    )
    .option(
      '--import <address=file>',
      'the file for an address that the document refers to; nothing is fetched',
      collect,
      [],
    )
    .option('--personal <parameter>', 'a parameter whose value identifies a person; repeatable', collect, [])
    .option('--constant <parameter=value>', 'a parameter that always has this value; repeatable', collect, [])
    .option('--depth <number>', 'how often a type that contains itself is written, one in the other', '2')
    .option('--registers <folder>', 'folder with one folder a register', OWN_REGISTERS)
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nEnds with 1 when an operation that was named is not written.\n\nExample:\n  npx tereze register new organisations openapi.json --from openapi --operation getOrganisation\n',
    )
    .action((name: string, source: string, options: NewOptions) => newRegister(name, source, options, terminal));
}

async function newRegister(name: string, source: string, options: NewOptions, terminal: Terminal): Promise<void> {
  const request = requestOf(name, source, options);
  const folder = join(options.registers, name);
  if (options.operation.length > 0 && existsSync(folder))
    throw new CommandFailure('usage', `${folder} is there already`, 'Choose another name, or move the folder away.');
  const reply = await described(request);
  if ('broken' in reply) throw new CommandFailure('failed', `${source} could not be read: ${reply.broken}`);
  if ('fault' in reply) throw new CommandFailure('failed', `${source}: ${reply.fault.place}: ${reply.fault.message}`);
  const result = reply.described;
  if (result.files) write(folder, result.files);
  if (options.json)
    terminal.print(
      `${JSON.stringify({ ...result, folder: result.files && folder, files: result.files && Object.keys(result.files) })}\n`,
    );
  else terminal.print(told(result, { source, name, folder, isList: options.operation.length === 0 }));
  if (options.operation.length > 0 && result.operations.some(({ state }) => state !== 'ready')) terminal.fail();
}

function requestOf(name: string, source: string, options: NewOptions): DescribeRequest {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new CommandFailure('usage', `"${name}" cannot name a register`, 'Use small letters, digits and hyphens.');
  if (!Object.hasOwn(READERS, options.from))
    throw new CommandFailure(
      'usage',
      `there is no reader for "${options.from}"`,
      `There are ${Object.keys(READERS).join(', ')}.`,
    );
  if (!/^[1-9][0-9]?$/.test(options.depth)) throw new CommandFailure('usage', '--depth takes a number from 1 to 99');
  const document = readDocument(source);
  return {
    kind: options.from,
    register: name,
    document,
    folder: dirname(realpathSync(source)),
    imports: options.import.map((pair) => {
      const [address, file] = splitLast(pair, '--import takes ADDRESS=FILE');
      return { address, file: readDocument(file) };
    }),
    examples: options.example.map((given) => exampleOf(given, options.operation)),
    operations: options.operation,
    personal: options.personal,
    constants: options.constant.map((pair) => {
      const index = pair.indexOf('=');
      if (index < 1) throw new CommandFailure('usage', '--constant takes PARAMETER=VALUE');
      return { name: pair.slice(0, index), value: pair.slice(index + 1) };
    }),
    depth: Number(options.depth),
    taken: takenNames(options.registers),
  };
}

/** `OPERATION=FILE`, or a file alone where one operation is chosen. */
function exampleOf(given: string, operations: readonly string[]): DescribeRequest['examples'][number] {
  const [only] = operations;
  if (operations.length === 1 && only !== undefined && !given.startsWith(`${only}=`))
    return { operation: only, file: readDocument(given) };
  const operation = operations.find((one) => given.startsWith(`${one}=`));
  if (operation === undefined)
    throw new CommandFailure(
      'usage',
      `--example ${given} does not say for which operation`,
      'Write --example OPERATION=FILE, with the operation as in --operation.',
    );
  return { operation, file: readDocument(given.slice(operation.length + 1)) };
}

function splitLast(pair: string, usage: string): readonly [string, string] {
  const index = pair.lastIndexOf('=');
  if (index < 1) throw new CommandFailure('usage', usage);
  return [pair.slice(0, index), pair.slice(index + 1)];
}

function readDocument(file: string): DescribeRequest['document'] {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile())
    throw new CommandFailure('usage', `${file} is not a file`, 'Documents are read from files: nothing is fetched.');
  if (stat.size > MAX_DOCUMENT_BYTES)
    throw new CommandFailure('failed', `${file} is larger than ${MAX_DOCUMENT_BYTES} bytes`);
  return { file, bytes: readFileSync(file) };
}

/** Names of types and root fields that the registers of a folder have. Composition would take a type of two registers for one. */
function takenNames(folder: string): DescribeRequest['taken'] {
  if (!existsSync(folder)) return { types: [], roots: [] };
  const types = loadRegisters(folder).flatMap((one) => [...declaredTypes(one).values()]);
  return {
    types: types.filter(({ name }) => !ROOT_TYPES.has(name)).map(({ name }) => name),
    roots: types
      .filter(({ name }) => ROOT_TYPES.has(name))
      .flatMap(({ fields }) => fields.map(({ name }) => name.value)),
  };
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
}

interface Told {
  readonly source: string;
  readonly name: string;
  readonly folder: string;
  readonly isList: boolean;
}

function told({ title, operations, files, said, settings }: Described, { source, name, folder, isList }: Told): string {
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
