import { Kind, visit, type DocumentNode } from 'graphql';
import { argument } from './directive-arguments.js';
import { GOVERNANCE_IDENTITY, governanceNames, INACCESSIBLE, inaccessibleNames } from './governance-names.js';
import { featuresOf, movedDirective, type Feature } from './links.js';

/** What a document asks of the gateway that serves it, and Tereze does not do. */
export interface UnenforcedFeatures {
  /** Nothing of the document may be served. */
  readonly refused: readonly Finding[];
  /** The document may be served without these. */
  readonly ignored: readonly Finding[];
}

interface Finding {
  readonly line: number;
  /** What is not done, and what to write. */
  readonly message: string;
}

/** What is read: a register's own SDL, governed or not, or a supergraph. */
export type DocumentForm = 'register' | 'ungoverned-register' | 'supergraph';

const SPECS = 'https://specs.apollo.dev/';

/** Directives by which the owner of a register says who may read. Tereze enforces its own rules instead. */
const ACCESS_DIRECTIVES: readonly string[] = ['authenticated', 'requiresScopes', 'policy'];

/** Directives that fill an argument out of an object above. The planner does not know them. */
const CONTEXT_DIRECTIVES: readonly string[] = ['context', 'fromContext'];

/** Versions of each feature that Tereze carries out, by identity. `*`: another check judges the version. */
const KNOWN: Readonly<Record<DocumentForm, ReadonlyMap<string, readonly string[]>>> = {
  register: new Map([
    [`${SPECS}link`, ['v1.0']],
    [`${SPECS}core`, ['v0.1', 'v0.2']],
    [`${SPECS}federation`, ['*']],
    [GOVERNANCE_IDENTITY, ['*']],
  ]),
  'ungoverned-register': new Map([
    [`${SPECS}link`, ['v1.0']],
    [`${SPECS}core`, ['v0.1', 'v0.2']],
    [`${SPECS}federation`, ['*']],
  ]),
  supergraph: new Map([
    [`${SPECS}link`, ['v1.0']],
    [`${SPECS}core`, ['v0.1', 'v0.2']],
    [`${SPECS}join`, ['v0.3', 'v0.4', 'v0.5']],
    [`${SPECS}inaccessible`, ['v0.1', 'v0.2']],
    [`${SPECS}tag`, ['v0.1', 'v0.2', 'v0.3']],
    [`${SPECS}cost`, ['v0.1']],
  ]),
};

/**
 * Returns what a document asks for and Tereze does not do. Fields that a feature for `SECURITY` protects
 * must not be served by a gateway that does not know it, and a schema with an unknown feature for
 * `EXECUTION` must not be served at all (core specification v0.2). An access directive
 * counts under every name: imported, renamed, in a namespace, defined by hand, or moved into
 * `@join__directive`.
 */
export function unenforcedFeatures(document: DocumentNode, form: DocumentForm): UnenforcedFeatures {
  const features = featuresOf(document);
  const refused: Finding[] = [];
  const ignored: Finding[] = [];
  for (const feature of features) {
    const fault = featureFault(feature, form);
    if (fault !== undefined) refused.push({ line: feature.line, message: fault });
    else if (!isKnown(feature, form) && feature.identity !== GOVERNANCE_IDENTITY)
      ignored.push({ line: feature.line, message: `Tereze does not know the feature "${feature.url}" and ignores it` });
  }
  return { refused: [...refused, ...unenforcedDirectives(document, features, form)], ignored };
}

function isKnown({ identity, version }: Feature, form: DocumentForm): boolean {
  const versions = KNOWN[form].get(identity) ?? [];
  return versions.includes('*') || versions.includes(version);
}

function featureFault(feature: Feature, form: DocumentForm): string | undefined {
  const { url, identity, purpose } = feature;
  const access = ACCESS_DIRECTIVES.find((name) => identity === SPECS + name);
  if (access !== undefined) return accessMessage(access, access);
  if (isKnown(feature, form)) return isRenamed(feature, form) ? hiddenMessage(url) : undefined;
  if (purpose === 'SECURITY')
    return `the feature "${url}" is for SECURITY, and Tereze does not enforce it: what it protects must not be served. Remove it, and say who may read in the rules of access`;
  if (purpose !== undefined)
    return `the feature "${url}" is for ${purpose}, and Tereze does not know it: remove it, or use a version that Tereze knows`;
  return undefined;
}

/** The public schema is made without the members with `@inaccessible`, under this name only. */
function isRenamed({ identity, as, imports }: Feature, form: DocumentForm): boolean {
  return (
    form === 'supergraph' &&
    identity === `${SPECS}${INACCESSIBLE}` &&
    ((as !== undefined && as !== INACCESSIBLE) || imports.some((one) => one.as !== one.name))
  );
}

function unenforcedDirectives(
  document: DocumentNode,
  features: readonly Feature[],
  form: DocumentForm,
): readonly Finding[] {
  const governed = new Set(Object.values(governanceNames(document)).flatMap((names) => [...names]));
  const hiding = form === 'supergraph' ? new Set([INACCESSIBLE]) : inaccessibleNames(document);
  const found: Finding[] = [];
  const look = (written: string, line: number): void => {
    if (governed.has(written) || hiding.has(written)) return;
    const message = directiveFault(written, features);
    if (message !== undefined) found.push({ line, message });
  };
  visit(document, {
    Directive: (directive) => {
      const line = directive.loc?.startToken.line ?? 0;
      look(directive.name.value, line);
      const moved = movedDirective(directive);
      if (moved !== undefined) look(moved.name, line);
      const filled = argument(directive, 'contextArguments');
      if (filled?.kind === Kind.LIST && filled.values.length > 0)
        found.push({ line, message: contextMessage('fromContext') });
    },
  });
  return found;
}

function directiveFault(written: string, features: readonly Feature[]): string | undefined {
  const imported = features.flatMap(({ imports }) => imports).find(({ as }) => as === `@${written}`);
  const meant = imported?.name.replace(/^@/, '') ?? written.replace(/^.*__/, '');
  if (ACCESS_DIRECTIVES.includes(meant)) return accessMessage(written, meant);
  if (meant === INACCESSIBLE) return hiddenMessage(`@${written}`);
  // A schema can have a `@context` of its own, which asks nothing of a gateway.
  const isOfFederation = imported !== undefined || written !== meant;
  return isOfFederation && CONTEXT_DIRECTIVES.includes(meant) ? contextMessage(written) : undefined;
}

function accessMessage(written: string, directive: string): string {
  const known = written === directive ? `@${directive}` : `@${written} (@${directive})`;
  return `Tereze does not enforce ${known}, so what it protects must not be served. Remove it, and say who may read by a category and the rules of access`;
}

function contextMessage(written: string): string {
  return `Tereze does not fill arguments from @${written}: remove it, and let the caller give the argument`;
}

function hiddenMessage(written: string): string {
  return `${written} hides nothing under this name: use @inaccessible as the federation specification has it`;
}
