import type { IgnoredFeature } from '../governance.js';
import { unenforcedFeatures, type DocumentForm } from '../unenforced-features.js';
import type { RegisterSchema } from '../register-schema.js';
import type { LintRule, Problem } from './problem.js';

/** Nothing in a register's SDL says who may read, or how to execute, in a way that Tereze does not follow. */
export const featureUnenforced: LintRule = (registers) =>
  registers.flatMap(({ register }) => featuresRefused(register, 'register'));

/** Returns what one register's SDL asks for and Tereze does not do, so that it cannot be served. */
export function featuresRefused(
  { file, document }: RegisterSchema,
  form: Exclude<DocumentForm, 'supergraph'>,
): readonly Problem[] {
  return unenforcedFeatures(document, form).refused.map((finding) => ({
    rule: 'feature-unenforced',
    file,
    ...finding,
  }));
}

/** Returns the features of one register's SDL that Tereze does not know, and that it can be served without. */
export function featuresIgnored({ file, document }: RegisterSchema): readonly IgnoredFeature[] {
  return unenforcedFeatures(document, 'register').ignored.map((finding) => ({ file, ...finding }));
}
