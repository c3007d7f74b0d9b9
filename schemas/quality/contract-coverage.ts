import type { ContractFile } from './contracts/read-contracts.js';

/** A rule of a contract that Tereze does not evaluate. */
export interface UnevaluatedRule {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Type or field; `slaProperties` for a promise of the service. */
  readonly about: string;
  readonly rule: string;
  /** In words. */
  readonly reason: string;
}

/** How much of a contract Tereze evaluates. */
export interface ContractCoverage {
  /** How many rules the contract has. */
  readonly rules: number;
  /** Those among them that have no effect, in the order of the file. */
  readonly notEvaluated: readonly UnevaluatedRule[];
}

/** Returns the coverage of a contract; that of no contract is empty. */
export function contractCoverage(contract: ContractFile | undefined): ContractCoverage {
  const { file = '', rules = [] } = contract ?? {};
  return {
    rules: rules.length,
    notEvaluated: rules.flatMap(({ line, column, about, rule, notEvaluated: reason }) =>
      reason === undefined ? [] : [{ file, line, column, about, rule, reason }],
    ),
  };
}
