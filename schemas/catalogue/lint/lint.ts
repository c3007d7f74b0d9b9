import { declaredTypes } from '../declared-types.js';
import type { GovernanceFacts } from '../governance-index.js';
import { governanceNames } from '../governance-names.js';
import type { RegisterSchema } from '../register-schema.js';
import { categoryDiffers } from './category-differs.js';
import { categoryMissing } from './category-missing.js';
import { directiveMalformed } from './directive-malformed.js';
import { deprecatedSunset } from './deprecated-sunset.js';
import { derivedSourcesExist } from './derived-sources-exist.js';
import { dwellingFieldPlain } from './dwelling-field-plain.js';
import { featureUnenforced } from './feature-unenforced.js';
import { governanceDiffers } from './governance-differs.js';
import { governedNullable } from './governed-nullable.js';
import { importMissing } from './import-missing.js';
import { linkNotAskable } from './link-not-askable.js';
import { listBounded } from './list-bounded.js';
import type { LintRule, Problem } from './problem.js';
import { reservedNames } from './reserved-names.js';
import { rootTypeNames } from './root-type-names.js';
import { subjectArgumentForm } from './subject-argument-form.js';
import { subjectArgumentMissing } from './subject-argument-missing.js';
import { subjectFieldExists } from './subject-field-exists.js';
import { subjectRoleMissing } from './subject-role-missing.js';

/** The rules that the registers' SDLs must fulfil before composition. */
const RULES: readonly LintRule[] = [
  featureUnenforced,
  importMissing,
  directiveMalformed,
  rootTypeNames,
  categoryMissing,
  categoryDiffers,
  governanceDiffers,
  governedNullable,
  listBounded,
  subjectRoleMissing,
  subjectFieldExists,
  dwellingFieldPlain,
  linkNotAskable,
  subjectArgumentMissing,
  subjectArgumentForm,
  derivedSourcesExist,
  deprecatedSunset,
  reservedNames,
];

/** Returns every problem of every register, in the order of the rules. */
export function lintRegisters(registers: readonly RegisterSchema[], facts: GovernanceFacts): readonly Problem[] {
  const linted = registers.map((register) => ({
    register,
    types: declaredTypes(register),
    names: governanceNames(register.document),
  }));
  return RULES.flatMap((rule) => rule(linted, facts));
}
