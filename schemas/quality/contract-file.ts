import { readFileSync, statSync } from 'node:fs';
import { readBoundedYaml, YAML_LIMITS, YamlFault, type DocumentPath, type YamlDocument } from '../bounded-yaml.js';
import { contractRules, type ContractRule } from './contract-rules.js';
import type { Contract } from './contract.js';
import { standardFaults } from './standard.js';
import { standardForm } from './standard-form.js';

/** A rule of a contract file, and where it is written. */
export interface PlacedRule extends ContractRule {
  readonly line: number;
  readonly column: number;
}

/** A contract, as read from its file. */
export interface ContractFile extends Contract {
  readonly file: string;
  /** Everything that the contract demands, in the order of the file. */
  readonly rules: readonly PlacedRule[];
}

/** A contract that cannot be used. Each line of the message names the file, the place in it and the fault. */
export class ContractInvalid extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ContractInvalid';
  }
}

/** UTF-8 has at most three bytes for a UTF-16 code unit. */
const MAX_BYTES = 3 * YAML_LIMITS.length;

/** Faults that one message names. */
const MAX_FAULTS = 20;

/**
 * Reads a register's `contract.yaml`: any contract that the Open Data Contract Standard v3.0.0 to v3.1.0 allows.
 * Throws {@link ContractInvalid}.
 */
export function readContract(file: string): ContractFile {
  const document = readDocument(file);
  const { exact } = document;
  const apiVersion = (exact as Partial<Contract> | null)?.apiVersion;
  const outside = standardFaults(standardForm(document.value), apiVersion);
  refuse(
    file,
    document,
    outside.map(({ path, member, message }) => ({ path, member, message })),
  );
  // Valid by the schema, which says at least what the type says.
  const contract = exact as Contract;
  const { rules, faults } = contractRules(contract);
  refuse(file, document, faults);
  const placed = rules.map((rule) => ({ ...rule, ...document.placeOf(rule.path, 'name') }));
  return { ...contract, file, rules: placed };
}

function readDocument(file: string): YamlDocument {
  try {
    if (statSync(file).size > MAX_BYTES)
      throw new YamlFault({ line: 1, column: 1 }, `has more than ${MAX_BYTES} bytes`);
    return readBoundedYaml(new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)));
  } catch (cause) {
    const { line, column } = cause instanceof YamlFault ? cause.place : { line: 1, column: 1 };
    const message = cause instanceof Error ? cause.message : 'cannot be read';
    throw new ContractInvalid(`${file}:${line}:${column}: ${message}`, { cause });
  }
}

interface Fault {
  readonly path: DocumentPath;
  /** The member that the fault is about, if it is not the whole value at `path`. */
  readonly member?: string | undefined;
  readonly message: string;
}

function refuse(file: string, document: YamlDocument, faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  const lines = faults.slice(0, MAX_FAULTS).map(({ path, member, message }) => {
    const { line, column } =
      member === undefined ? document.placeOf(path) : document.placeOf([...path, member], 'name');
    return `${file}:${line}:${column}: /${path.join('/')} ${message}`;
  });
  const more = faults.length - lines.length;
  throw new ContractInvalid([...lines, ...(more > 0 ? [`${file}: and ${more} more`] : [])].join('\n'));
}
