import { visit } from 'graphql';
import { textArgument } from '../directive-arguments.js';
import { GOVERNANCE_URL, GOVERNANCE_VERSION, importedGovernance, type GovernanceNames } from '../governance-names.js';
import { linksTo } from '../links.js';
import type { LintedRegister, LintRule, Problem } from './problem.js';

/** Every governance directive that a register uses is imported. Without the import it has no effect and causes no error. */
export const importMissing: LintRule = (registers) =>
  registers.flatMap((linted) => [...unknownImports(linted), ...ambiguousNames(linted), ...unboundDirectives(linted)]);

function unboundDirectives({ register, names }: LintedRegister): readonly Problem[] {
  const problems: Problem[] = [];
  const bound = new Set(Object.values(names).flatMap((set) => [...set]));
  visit(register.document, {
    Directive: ({ name, loc }) => {
      const written = name.value.replace(/^governance__/, '');
      if (bound.has(name.value) || !Object.hasOwn(names, written)) return;
      problems.push({
        rule: 'import-missing',
        file: register.file,
        line: loc?.startToken.line ?? 0,
        message: `@${name.value} means nothing without its import: write @link(url: "${GOVERNANCE_URL}${GOVERNANCE_VERSION}", import: ["@${written}"]) on the schema`,
      });
    },
  });
  return problems;
}

function unknownImports({ register, names }: LintedRegister): readonly Problem[] {
  const at = (line: number | undefined, message: string): Problem => ({
    rule: 'import-missing',
    file: register.file,
    line: line ?? 0,
    message,
  });
  const versions = linksTo(GOVERNANCE_URL, register.document).filter(
    (link) => textArgument(link, 'url') !== GOVERNANCE_URL + GOVERNANCE_VERSION,
  );
  const directives = importedGovernance(register.document).filter(
    ({ name }) => !Object.hasOwn(names, name.slice(1)) || !name.startsWith('@'),
  );
  return [
    ...versions.map(({ loc }) =>
      at(
        loc?.startToken.line,
        `this version of the governance directives is not known: write "${GOVERNANCE_URL}${GOVERNANCE_VERSION}"`,
      ),
    ),
    ...directives.map(({ link, name }) =>
      at(
        link.loc?.startToken.line,
        `${name} is not a governance directive: there are ${Object.keys(names)
          .map((known) => `@${known}`)
          .join(', ')}`,
      ),
    ),
  ];
}

function ambiguousNames({ register, names }: LintedRegister): readonly Problem[] {
  const entries = Object.entries(names satisfies GovernanceNames);
  return entries.flatMap(([directive, set]) =>
    [...set]
      .filter((name) => entries.some(([other, others]) => other < directive && others.has(name)))
      .map((name) => ({
        rule: 'import-missing',
        file: register.file,
        line: 0,
        message: `@${name} is imported for two governance directives: give each a name of its own`,
      })),
  );
}
