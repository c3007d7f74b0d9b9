import { declaredTypes } from '../declared-types.js';
import type { GovernanceFacts } from '../governance-index.js';
import { governanceNames } from '../governance-names.js';
import type { RegisterSchema } from '../register-schema.js';
import { categoryDiffers } from './category-differs.js';
import { categoryMissing } from './category-missing.js';
import { derivedSourcesExist } from './derived-sources-exist.js';
import { governedNullable } from './governed-nullable.js';
import type { LintRule, Problem } from './problem.js';
import { reservedNames } from './reserved-names.js';
import { subjectArgumentMissing } from './subject-argument-missing.js';
import { subjectFieldExists } from './subject-field-exists.js';
import { subjectRoleMissing } from './subject-role-missing.js';

/** What registers' SDLs must fulfil before they are composed. */
const RULES: readonly LintRule[] = [
  categoryMissing,
  categoryDiffers,
  governedNullable,
  subjectRoleMissing,
  subjectFieldExists,
  subjectArgumentMissing,
  derivedSourcesExist,
  reservedNames,
];

/** Every problem of every register, in the order of the rules. */
export function lintRegisters(registers: readonly RegisterSchema[], facts: GovernanceFacts): readonly Problem[] {
  const linted = registers.map((register) => ({ register, types: declaredTypes(register), names: governanceNames(register.document) }));
  return RULES.flatMap((rule) => rule(linted, facts));
}
