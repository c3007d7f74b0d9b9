import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { declaredTypes, ROOT_TYPES } from '../../../schemas/catalogue/declared-types.js';
import { loadRegisters } from '../../../schemas/catalogue/register-schema.js';
import type { DescribeRequest } from '../../describe/protocol.js';
import { MAX_DOCUMENT_BYTES } from '../../describe/referenced.js';
import { CommandFailure } from '../command-failure.js';
import type { NewOptions } from './options.js';

/** Returns what the process that reads documents is asked. Reads all files that the command line names. */
export function requestOf(register: string, source: string, options: NewOptions): DescribeRequest {
  if (!/^[1-9][0-9]?$/.test(options.depth)) throw new CommandFailure('usage', '--depth takes a number from 1 to 99');
  const document = readDocument(source);
  if (options.from === 'openapi' && options.xroad !== undefined && options.xroad.split('/').length < 5)
    throw new CommandFailure('usage', `--xroad takes ${XROAD_FORM}`);
  return {
    kind: options.from,
    register,
    document,
    folder: dirname(realpathSync(source)),
    imports: options.import.map((pair) => {
      const [address, file] = splitLast(pair, '--import takes ADDRESS=FILE');
      return { address, file: readDocument(file) };
    }),
    examples: options.example.map((given) => exampleOf(given, options.operation)),
    operations: options.operation,
    personal: options.personal,
    constants: constantsOf(options),
    reading: options.reads,
    xroad: options.xroad === undefined ? undefined : xroadService(options.xroad),
    depth: Number(options.depth),
    taken: takenNames(options.registers),
  };
}

const XROAD_FORM = 'instance/member class/member code/subsystem, of a REST service also /service, and /version';

/** Returns what `--xroad` says. The service's own code is needed where the protocol has no operations: over REST. */
function xroadService(id: string): DescribeRequest['xroad'] {
  const [instance = '', memberClass = '', memberCode = '', subsystem = '', serviceCode, version, ...more] =
    id.split('/');
  const parts = [instance, memberClass, memberCode, subsystem, serviceCode ?? 'x', version ?? 'x'];
  // X-Road refuses these characters in identifiers (UG-SS section 2.1).
  if (more.length > 0 || !parts.every((part) => /^[^\p{Cc}:;\\%]+$/u.test(part)))
    throw new CommandFailure('usage', `--xroad takes ${XROAD_FORM}`);
  return { instance, memberClass, memberCode, subsystem, serviceCode, version };
}

/** Returns what `--constant` says. */
export function constantsOf({ constant }: Pick<NewOptions, 'constant'>): DescribeRequest['constants'] {
  return constant.map((pair) => {
    const index = pair.indexOf('=');
    if (index < 1) throw new CommandFailure('usage', '--constant takes PARAMETER=VALUE');
    return { name: pair.slice(0, index), value: pair.slice(index + 1) };
  });
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

/** Reads a file of the command line. */
export function readDocument(file: string): DescribeRequest['document'] {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile())
    throw new CommandFailure('usage', `${file} is not a file`, 'Documents are read from files: nothing is fetched.');
  if (stat.size > MAX_DOCUMENT_BYTES)
    throw new CommandFailure('failed', `${file} is larger than ${MAX_DOCUMENT_BYTES} bytes`);
  return { file, bytes: readFileSync(file) };
}

/** Returns the names of types and root fields that the registers of a folder have. Composition would take a type of two registers for one. */
export function takenNames(folder: string): DescribeRequest['taken'] {
  if (!existsSync(folder)) return { types: [], roots: [] };
  const types = loadRegisters(folder).flatMap((one) => [...declaredTypes(one).values()]);
  return {
    types: types.filter(({ name }) => !ROOT_TYPES.has(name)).map(({ name }) => name),
    roots: types
      .filter(({ name }) => ROOT_TYPES.has(name))
      .flatMap(({ fields }) => fields.map(({ name }) => name.value)),
  };
}
