import type { LintRule } from './problem.js';

/** A governed root field says which argument names its subject; without one consent could never open it. */
export const subjectArgumentMissing: LintRule = (registers, facts) =>
  registers.flatMap(({ register, types }) =>
    (types.get('Query')?.fields ?? [])
      .filter((field) => {
        const category = facts.categories[`${register.name} Query.${field.name.value}`];
        const sensitivity = category === undefined ? undefined : facts.sensitivities[category];
        return sensitivity !== 'OPEN' && facts.subjectArguments[`${register.name} ${field.name.value}`] === undefined;
      })
      .map((field) => ({
        rule: 'subject-argument-missing',
        file: register.file,
        line: field.loc?.startToken.line ?? 0,
        message: `Query.${field.name.value} is about somebody without saying which argument names them: write @subjectArgument on it`,
      })),
  );
