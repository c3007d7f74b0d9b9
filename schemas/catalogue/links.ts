import { Kind, type ConstDirectiveNode, type DirectiveNode, type DocumentNode, type ValueNode } from 'graphql';
import { argument, textArgument } from './directive-arguments.js';

/** `@link` applications on the schema whose URL begins like this. */
export function linksTo(url: string, document: DocumentNode): readonly DirectiveNode[] {
  return schemaDirectives(document).filter(
    (directive) => directive.name.value === 'link' && textArgument(directive, 'url')?.startsWith(url),
  );
}

/** One name that a link imports: `@key`, also under a name of the document's own. */
export interface Import {
  readonly name: string;
  readonly as: string;
}

/** Returns what a value of `@link(import:)` imports. */
export function importsIn(list: ValueNode | undefined): readonly Import[] {
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

/** Returns what a `@link` imports. */
export function importsOf(link: DirectiveNode): readonly Import[] {
  return importsIn(argument(link, 'import'));
}

/** A feature that a document declares on its schema. */
export interface Feature {
  /** As written; empty if the document does not say. */
  readonly url: string;
  /** The URL without its version: `https://specs.apollo.dev/join`. */
  readonly identity: string;
  /** `v0.3`; empty if the URL has none. */
  readonly version: string;
  /** `SECURITY`, `EXECUTION`, or anything else that stands there. */
  readonly purpose: string | undefined;
  /** The namespace that the document chose. */
  readonly as: string | undefined;
  readonly imports: readonly Import[];
  readonly line: number;
}

/**
 * Returns every feature of a document, in each form that there is: `@link(url:, as:, for:, import:)`
 * (link specification v1.0), `@core(feature:, as:, for:)` (core specification v0.1 and v0.2), either of
 * them under a name of the document's own, and a `@link` that a composer moved into
 * `@join__directive(name: "link", args:)` (join specification v0.5).
 */
export function featuresOf(document: DocumentNode): readonly Feature[] {
  return schemaDirectives(document).flatMap((directive) => {
    const line = directive.loc?.startToken.line ?? 0;
    const moved = movedDirective(directive);
    if (moved !== undefined) return moved.name === 'link' ? [featureOf((name) => moved.argument(name), line)] : [];
    return isLink(directive) ? [featureOf((name) => argument(directive, name), line)] : [];
  });
}

/** A directive of a service that a composer moved into `@join__directive`; undefined for every other directive. */
export function movedDirective(
  directive: DirectiveNode,
): { readonly name: string; readonly argument: (name: string) => ValueNode | undefined } | undefined {
  if (!directive.name.value.endsWith('__directive')) return undefined;
  const name = textArgument(directive, 'name')?.replace(/^@/, '');
  const args = argument(directive, 'args');
  const fields = args?.kind === Kind.OBJECT ? args.fields : [];
  return name === undefined
    ? undefined
    : { name, argument: (wanted) => fields.find((field) => field.name.value === wanted)?.value };
}

function schemaDirectives(document: DocumentNode): readonly ConstDirectiveNode[] {
  return document.definitions.flatMap((definition) =>
    definition.kind === Kind.SCHEMA_EXTENSION || definition.kind === Kind.SCHEMA_DEFINITION
      ? (definition.directives ?? [])
      : [],
  );
}

/** A schema can have other directives with a URL (`@contact`). A link under another name says what only a link says, or declares itself. */
function isLink(directive: DirectiveNode): boolean {
  if (directive.name.value === 'link' || directive.name.value === 'core') return true;
  const url = textArgument(directive, 'url') ?? textArgument(directive, 'feature');
  if (url === undefined) return false;
  return (
    ['for', 'import', 'as'].some((name) => argument(directive, name) !== undefined) ||
    /^https:\/\/specs\.apollo\.dev\/(link|core)\//.test(url)
  );
}

function featureOf(value: (name: string) => ValueNode | undefined, line: number): Feature {
  const text = (name: string): string | undefined => {
    const found = value(name);
    return found?.kind === Kind.STRING || found?.kind === Kind.ENUM ? found.value : undefined;
  };
  const url = text('url') ?? text('feature') ?? '';
  const trimmed = url.replace(/\/+$/, '');
  const version = /\/(v\d+\.\d+)$/.exec(trimmed)?.[1] ?? '';
  const purpose = value('for');
  return {
    url,
    identity: version === '' ? trimmed : trimmed.slice(0, -version.length - 1),
    version,
    purpose: purpose === undefined || purpose.kind === Kind.NULL ? undefined : (text('for') ?? 'something unreadable'),
    as: text('as'),
    imports: importsIn(value('import')),
    line,
  };
}
