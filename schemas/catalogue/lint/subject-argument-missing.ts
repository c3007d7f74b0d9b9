import type { LintRule } from './problem.js';

/** The sensitivities of data about people. */
const PERSONAL: ReadonlySet<string | undefined> = new Set(['PERSONAL', 'SENSITIVE']);

/** A root field about people says which argument names its subject. Without a subject the gate cannot decide. */
export const subjectArgumentMissing: LintRule = (registers, facts) =>
  registers.flatMap(({ register, types }) =>
    (types.get('Query')?.fields ?? [])
      .filter((field) => {
        const category = facts.categories[`${register.name} Query.${field.name.value}`];
        const sensitivity = category === undefined ? undefined : facts.sensitivities[category];
        return (
          PERSONAL.has(sensitivity) && facts.subjectArguments[`${register.name} ${field.name.value}`] === undefined
        );
      })
      .map((field) => ({
        rule: 'subject-argument-missing',
        file: register.file,
        line: field.name.loc?.startToken.line ?? 0,
        message: `Query.${field.name.value} is about a person without saying which argument names them: write @subjectArgument on it`,
      })),
  );
