import { Kind, type DirectiveNode, type DocumentNode } from 'graphql';
import { argument, textArgument } from './directive-arguments.js';

/** Identity of the governance directives; `@link(url:)` carries it with a version behind. */
export const GOVERNANCE_URL = 'https://tereze.kz/governance/';
/** The version that this gateway understands. */
export const GOVERNANCE_VERSION = 'v1.0';
const FEDERATION_URL = 'https://specs.apollo.dev/federation/';

const DIRECTIVES = ['subject', 'subjectArgument', 'category', 'derived', 'listSize'] as const;

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

/** The directives imported from the governance specification, by the name there: `@category`. */
export function importedGovernance(
  document: DocumentNode,
): readonly { readonly link: DirectiveNode; readonly name: string }[] {
  return linksTo(GOVERNANCE_URL, document).flatMap((link) => imports(link).map(({ name }) => ({ link, name })));
}

/** `@link` applications on the schema whose URL begins like this. */
export function linksTo(url: string, document: DocumentNode): readonly DirectiveNode[] {
  return document.definitions
    .flatMap((definition) =>
      definition.kind === Kind.SCHEMA_EXTENSION || definition.kind === Kind.SCHEMA_DEFINITION
        ? (definition.directives ?? [])
        : [],
    )
    .filter((directive) => directive.name.value === 'link' && textArgument(directive, 'url')?.startsWith(url));
}

function namesOf(name: string, defaultNamespace: string, links: readonly DirectiveNode[]): ReadonlySet<string> {
  return new Set(
    links.flatMap((link) => {
      const imported = imports(link).filter((one) => one.name === `@${name}`);
      return [`${textArgument(link, 'as') ?? defaultNamespace}__${name}`, ...imported.map(({ as }) => as.slice(1))];
    }),
  );
}

interface Import {
  readonly name: string;
  readonly as: string;
}

function imports(link: DirectiveNode): readonly Import[] {
  const list = argument(link, 'import');
  if (list?.kind !== Kind.LIST) return [];
  return list.values.flatMap((value): readonly Import[] => {
    if (value.kind === Kind.STRING) return [{ name: value.value, as: value.value }];
    if (value.kind !== Kind.OBJECT) return [];
    const text = (key: string): string | undefined => {
      const found = value.fields.find(({ name }) => name.value === key)?.value;
      return found?.kind === Kind.STRING ? found.value : undefined;
    };
    const name = text('name');
    return name === undefined ? [] : [{ name, as: text('as') ?? name }];
  });
}
