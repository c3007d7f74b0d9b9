import type { DirectiveNode, DocumentNode } from 'graphql';
import { textArgument } from './directive-arguments.js';
import { importsOf, linksTo } from './links.js';

/** Identity of the governance directives; `@link(url:)` has it with a version behind. */
export const GOVERNANCE_IDENTITY = 'https://tereze.kz/governance';
/** What `@link(url:)` of the governance directives begins with. */
export const GOVERNANCE_URL = `${GOVERNANCE_IDENTITY}/`;
/** The version that this gateway understands. */
export const GOVERNANCE_VERSION = 'v1.0';
const FEDERATION_URL = 'https://specs.apollo.dev/federation/';

const DIRECTIVES = ['subject', 'subjectArgument', 'category', 'derived', 'listSize', 'dwelling'] as const;

export type GovernanceDirective = (typeof DIRECTIVES)[number];

/** Every name under which one register's SDL may write each governance directive: as imported, renamed, or in the namespace. */
export type GovernanceNames = Readonly<Record<GovernanceDirective, ReadonlySet<string>>>;

/**
 * Reads the names from every `@link(url: ".../governance/v1.0", as:, import: [...])`. An
 * imported name can also be written `<namespace>__<name>` (core schemas, `@link` specification v1.0), so
 * that no spelling escapes the index.
 */
export function governanceNames(document: DocumentNode): GovernanceNames {
  const links = linksTo(GOVERNANCE_URL, document);
  return Object.fromEntries(
    DIRECTIVES.map((name) => [name, namesOf(name, 'governance', links)]),
  ) as unknown as GovernanceNames;
}

/** Every name under which one register's SDL may write federation's `@key`. */
export function keyNames(document: DocumentNode): ReadonlySet<string> {
  return new Set(['key', ...namesOf('key', 'federation', linksTo(FEDERATION_URL, document))]);
}

/** Federation's directive for members that the public schema does not have. */
export const INACCESSIBLE = 'inaccessible';

/** Every name under which one register's SDL may write federation's `@inaccessible`. A schema without a link to federation (Federation 1) has it under its own name. */
export function inaccessibleNames(document: DocumentNode): ReadonlySet<string> {
  const links = linksTo(FEDERATION_URL, document);
  return links.length === 0 ? new Set([INACCESSIBLE]) : namesOf(INACCESSIBLE, 'federation', links);
}

/** The directives imported from the governance specification, by the name there: `@category`. */
export function importedGovernance(
  document: DocumentNode,
): readonly { readonly link: DirectiveNode; readonly name: string }[] {
  return linksTo(GOVERNANCE_URL, document).flatMap((link) => importsOf(link).map(({ name }) => ({ link, name })));
}

function namesOf(name: string, defaultNamespace: string, links: readonly DirectiveNode[]): ReadonlySet<string> {
  return new Set(
    links.flatMap((link) => {
      const imported = importsOf(link).filter((one) => one.name === `@${name}`);
      return [`${textArgument(link, 'as') ?? defaultNamespace}__${name}`, ...imported.map(({ as }) => as.slice(1))];
    }),
  );
}
