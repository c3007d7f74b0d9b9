import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readSecret } from '../../../adapters/protocol.js';
import { describe } from '../../describe/describe.js';
import { described } from '../../describe/described.js';
import type { DescribeReply } from '../../describe/protocol.js';
import { DocumentFault } from '../../describe/reader.js';
import { DATABASE_READERS, READERS } from '../../describe/readers.js';
import { CommandFailure } from '../command-failure.js';
import { collect } from '../options.js';
import { OWN_REGISTERS } from '../schema/registers.js';
import type { Terminal } from '../terminal.js';
import type { NewOptions } from './options.js';
import { constantsOf, readDocument, requestOf, takenNames } from './request.js';
import { told } from './told.js';

const KINDS = [...Object.keys(READERS), ...Object.keys(DATABASE_READERS)].join(', ');

/** `tereze register new`: the folder of a register from the document that the register publishes. */
export function addRegisterNew(register: Command, terminal: Terminal): void {
  register
    .command('new')
    .description(
      'Write the folder of a register from the document that it publishes. Without --operation, list what the document offers.',
    )
    .argument('<name>', 'name of the register: small letters, digits, hyphens')
    .argument('<source>', 'the document, or SCHEMA.TABLE of a database')
    .requiredOption('--from <kind>', `what the source is: ${KINDS}`)
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
    .option('--database-url-file <file>', 'file with the address of the database, for a table')
    .option(
      '--reads <operation>',
      'an operation that only reads, though its document does not tell or it sounds like a change; repeatable',
      collect,
      [],
    )
    .option(
      '--xroad <service>',
      'the register is asked through X-Road: instance/member class/member code/subsystem, of a REST service also /service',
    )
    .option('--config <file>', 'the configuration that the register will be in, for the commands that are printed')
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
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new CommandFailure('usage', `"${name}" cannot name a register`, 'Use small letters, digits and hyphens.');
  const folder = join(options.registers, name);
  const isDatabase = Object.hasOwn(DATABASE_READERS, options.from);
  // A table is one operation: there is nothing to choose.
  const isList = options.operation.length === 0 && !isDatabase;
  if (!isList && existsSync(folder))
    throw new CommandFailure('usage', `${folder} is there already`, 'Choose another name, or move the folder away.');
  const reply = isDatabase ? await ofDatabase(name, source, options) : await ofDocument(name, source, options);
  if ('broken' in reply) throw new CommandFailure('failed', `${source} could not be read: ${reply.broken}`);
  if ('fault' in reply) throw new CommandFailure('failed', `${source}: ${reply.fault.place}: ${reply.fault.message}`);
  const result = reply.described;
  if (result.files) write(folder, result.files);
  const files = result.files && Object.keys(result.files);
  if (options.json) terminal.print(`${JSON.stringify({ ...result, folder: files && folder, files })}\n`);
  else terminal.print(told(result, { source, name, folder, isList, config: options.config }));
  if (!isList && result.operations.some(({ state }) => state !== 'ready')) terminal.fail();
}

function ofDocument(name: string, source: string, options: NewOptions): Promise<DescribeReply> {
  if (!Object.hasOwn(READERS, options.from))
    throw new CommandFailure('usage', `there is no reader for "${options.from}"`, `There are ${KINDS}.`);
  return described(requestOf(name, source, options));
}

/** A live database is no document: it is read here, because its address is a secret. */
async function ofDatabase(register: string, source: string, options: NewOptions): Promise<DescribeReply> {
  const { from, databaseUrlFile, registers } = options;
  if (databaseUrlFile === undefined) throw new CommandFailure('usage', `--from ${from} needs --database-url-file FILE`);
  const personal = new Set(options.personal);
  try {
    const reader = await DATABASE_READERS[from]?.();
    if (reader === undefined) return { broken: `there is no reader for ${from}` };
    const description = await reader.read({
      ...{ source, databaseUrl: readSecret(databaseUrlFile), personal },
      examples: options.example.map(readDocument),
      constants: new Map(constantsOf(options).map(({ name, value }) => [name, value])),
    });
    const operations = description.operations.map((operation) => operation.name);
    return { described: describe(description, { register, operations, personal, taken: takenNames(registers) }) };
  } catch (error) {
    if (!(error instanceof DocumentFault)) throw error;
    return { fault: { place: error.place, message: error.message } };
  }
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
}
