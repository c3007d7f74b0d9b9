import { readBoundedYaml, YamlFault, type DocumentPath, type TextPlace, type YamlDocument } from '../bounded-yaml.js';
import { contractRules, type ContractRule } from './contract-rules.js';
import type { Contract } from './contract.js';
import { standardFaults } from './standard.js';
import { standardForm } from './standard-form.js';

/** A rule of a contract file, and where it is written. */
export interface PlacedRule extends Pick<ContractRule, 'about' | 'rule'> {
  /** Why Tereze does not evaluate it; absent if it does. */
  readonly notEvaluated?: string | undefined;
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a contract, and where. */
export interface ContractFault extends TextPlace {
  readonly message: string;
}

/** A contract as its file says it, or what is wrong with the file. */
export type ContractReading =
  | {
      readonly contract: Contract;
      /** Everything that the contract demands, in the order of the file. */
      readonly rules: readonly PlacedRule[];
    }
  | { readonly faults: readonly ContractFault[] };

/** Faults of one contract that are named. */
const MAX_FAULTS = 20;

/**
 * Reads the text of a `contract.yaml`: any contract that the Open Data Contract Standard v3.0.0 to v3.1.0 allows. A
 * contract is a document of another party: the gateway reads it in a process of its own (`ContractReader`).
 */
export function readContract(bytes: Uint8Array): ContractReading {
  const document = yamlDocument(bytes);
  if ('faults' in document) return document;
  const { exact } = document;
  const apiVersion = (exact as Partial<Contract> | null)?.apiVersion;
  const outside = standardFaults(standardForm(document.value), apiVersion);
  if (outside.length > 0) return faultsOf(document, outside);
  // Valid by the schema, which says at least what the type says.
  const contract = exact as Contract;
  const { rules, faults } = contractRules(contract);
  if (faults.length > 0) return faultsOf(document, faults);
  return { contract, rules: rules.map(({ path, ...rule }) => ({ ...rule, ...document.placeOf(path, 'name') })) };
}

function yamlDocument(bytes: Uint8Array): YamlDocument | { readonly faults: readonly ContractFault[] } {
  try {
    return readBoundedYaml(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    const place = cause instanceof YamlFault ? cause.place : { line: 1, column: 1 };
    const message = cause instanceof Error ? cause.message : 'cannot be read';
    return { faults: [{ ...place, message }] };
  }
}

interface Fault {
  readonly path: DocumentPath;
  /** The member that the fault is about, if it is not the whole value at `path`. */
  readonly member?: string | undefined;
  readonly message: string;
}

function faultsOf(document: YamlDocument, faults: readonly Fault[]): { readonly faults: readonly ContractFault[] } {
  const named = faults.slice(0, MAX_FAULTS).map(({ path, member, message }) => ({
    ...(member === undefined ? document.placeOf(path) : document.placeOf([...path, member], 'name')),
    message: `/${path.join('/')} ${message}`,
  }));
  const more = faults.length - named.length;
  return { faults: [...named, ...(more > 0 ? [{ line: 1, column: 1, message: `and ${more} more` }] : [])] };
}
