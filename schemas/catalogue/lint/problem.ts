import type { GovernanceFacts } from '../governance-index.js';
import type { GovernanceNames } from '../governance-names.js';
import type { DeclaredType } from '../declared-types.js';
import type { RegisterSchema } from '../register-schema.js';

/** A fault in a register's SDL that must be corrected before composition. */
export interface Problem {
  /** Name of the rule, which is also the name of its file. */
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  /** What is wrong and what to write. */
  readonly message: string;
}

/** One register as the rules see it. */
export interface LintedRegister {
  readonly register: RegisterSchema;
  readonly types: ReadonlyMap<string, DeclaredType>;
  readonly names: GovernanceNames;
}

/** Returns the problems of all registers together. Pure. */
export type LintRule = (registers: readonly LintedRegister[], facts: GovernanceFacts) => readonly Problem[];
