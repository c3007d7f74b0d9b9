import { Kind, type DirectiveNode, type DocumentNode, type ValueNode } from 'graphql';

/** Identity of the governance directives; `@link(url:)` carries it with a version behind. */
export const GOVERNANCE_URL = 'https://tereze.kz/governance/';

const DIRECTIVES = ['subject', 'subjectArgument', 'category', 'derived'] as const;

export type GovernanceDirective = (typeof DIRECTIVES)[number];

/** What each governance directive is called in one register's SDL: imported as it is, renamed, or under the namespace. */
export type GovernanceNames = Readonly<Record<GovernanceDirective, string>>;

/**
 * Reads the names from `@link(url: ".../governance/v1.0", as:, import: [...])`. A directive that is
 * not imported is called `<namespace>__<name>` (core schemas, `@link` specification v1.0).
 */
export function governanceNames(document: DocumentNode): GovernanceNames {
  const link = linksOf(document).find((directive) => textArgument(directive, 'url')?.startsWith(GOVERNANCE_URL));
  const namespace = (link && textArgument(link, 'as')) ?? 'governance';
  const imported = link ? importedNames(link) : new Map<string, string>();
  return Object.fromEntries(DIRECTIVES.map((name) => [name, imported.get(`@${name}`)?.slice(1) ?? `${namespace}__${name}`])) as GovernanceNames;
}

function linksOf(document: DocumentNode): readonly DirectiveNode[] {
  return document.definitions
    .flatMap((definition) => (definition.kind === Kind.SCHEMA_EXTENSION || definition.kind === Kind.SCHEMA_DEFINITION ? (definition.directives ?? []) : []))
    .filter(({ name }) => name.value === 'link');
}

function importedNames(link: DirectiveNode): ReadonlyMap<string, string> {
  const list = argument(link, 'import');
  if (list?.kind !== Kind.LIST) return new Map();
  return new Map(list.values.flatMap((value) => importedName(value) ?? []));
}

function importedName(value: ValueNode): [[string, string]] | undefined {
  if (value.kind === Kind.STRING) return [[value.value, value.value]];
  if (value.kind !== Kind.OBJECT) return undefined;
  const field = (name: string): string | undefined => {
    const found = value.fields.find((candidate) => candidate.name.value === name)?.value;
    return found?.kind === Kind.STRING ? found.value : undefined;
  };
  const name = field('name');
  return name === undefined ? undefined : [[name, field('as') ?? name]];
}

/** A directive's argument. */
export function argument(directive: DirectiveNode, name: string): ValueNode | undefined {
  return directive.arguments?.find((candidate) => candidate.name.value === name)?.value;
}

/** A directive's argument that is a text or an enum value. */
export function textArgument(directive: DirectiveNode, name: string): string | undefined {
  const value = argument(directive, name);
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}

/** A directive's argument that is a list of texts. */
export function textListArgument(directive: DirectiveNode, name: string): readonly string[] {
  const value = argument(directive, name);
  if (value?.kind === Kind.STRING) return [value.value];
  return value?.kind === Kind.LIST ? value.values.flatMap((item) => (item.kind === Kind.STRING ? [item.value] : [])) : [];
}
