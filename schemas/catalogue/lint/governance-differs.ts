import type { GovernanceFacts } from '../governance-index.js';
import type { LintRule, Problem } from './problem.js';

/**
 * Registers that share a type agree on the person that it is about, and on the dwelling that it tells. Registers that share a field agree
 * on the person that it leads to and on its derivation. Otherwise the choice of a plan would change the
 * decision.
 */
export const governanceDiffers: LintRule = (registers, facts) => {
  const said = new Map<string, { readonly register: string; readonly what: string }>();
  const problems: Problem[] = [];
  const compare = (register: string, file: string, line: number, coordinate: string, what: string): void => {
    const earlier = said.get(coordinate);
    if (earlier === undefined) said.set(coordinate, { register, what });
    else if (earlier.what !== what) {
      problems.push({
        rule: 'governance-differs',
        file,
        line,
        message: `${coordinate} has ${what} here and ${earlier.what} in ${earlier.register}: write the same in both`,
      });
    }
  };
  for (const { register, types } of registers) {
    for (const type of types.values()) {
      if (type.fields.length > 0)
        compare(register.name, register.file, type.line, type.name, typeFacts(`${register.name} ${type.name}`, facts));
      for (const field of type.fields) {
        compare(
          register.name,
          register.file,
          field.name.loc?.startToken.line ?? type.line,
          `${type.name}.${field.name.value}`,
          fieldFacts(`${register.name} ${type.name}.${field.name.value}`, facts),
        );
      }
    }
  }
  return problems;
};

function typeFacts(key: string, { subjects, dwellings }: GovernanceFacts): string {
  const subject = subjects[key];
  const dwelling = dwellings[key];
  return [
    subject === undefined ? 'no @subject' : `@subject(field: "${subject}")`,
    ...(dwelling === undefined ? [] : [`@dwelling(field: "${dwelling}")`]),
  ].join(' ');
}

function fieldFacts(key: string, { links, derivations }: GovernanceFacts): string {
  const link = links[key];
  const derivation = derivations[key];
  const told = [
    ...(link ? [`@subject(field: "${link.field}", role: "${link.role}")`] : []),
    ...(derivation ? [`@derived(from: ${JSON.stringify(derivation.from)}, by: "${derivation.by}")`] : []),
  ];
  return told.length > 0 ? told.join(' ') : 'neither @subject nor @derived';
}
