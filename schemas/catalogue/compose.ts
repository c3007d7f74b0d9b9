import { createHash } from 'node:crypto';
import { composeServices } from '@theguild/federation-composition';
import { parse, type GraphQLError } from 'graphql';
import type { Catalogue } from './governance.js';
import { collectGovernance, governanceIndex, NOTHING_GOVERNED } from './governance-index.js';
import { featuresIgnored, featuresRefused } from './lint/feature-unenforced.js';
import { lintRegisters } from './lint/lint.js';
import type { Problem } from './lint/problem.js';
import type { RegisterSchema } from './register-schema.js';
import { stripGovernance } from './strip-directives.js';
import { unenforcedFeatures } from './unenforced-features.js';

/** The registers' schemas break a rule or do not fit each other. */
export class CompositionFailure extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n'));
    this.name = 'CompositionFailure';
    this.problems = problems;
  }
}

/**
 * Lints and composes the registers' schemas into what loads and swaps together: supergraph, public
 * schema and governance index, under one hash. Throws `CompositionFailure` with every problem found.
 */
export function composeCatalogue(schemas: readonly RegisterSchema[]): Catalogue {
  const registers = [...schemas].sort((one, other) => (one.name < other.name ? -1 : 1));
  const facts = collectGovernance(registers);
  const problems = lintRegisters(registers, facts);
  if (problems.length > 0) throw new CompositionFailure(problems);
  const { supergraphSdl, publicSdl, ignoredFeatures } = compose(registers);
  const hash = createHash('sha256').update(supergraphSdl).update('\0').update(JSON.stringify(facts)).digest('hex');
  return { hash: `sha256:${hash}`, supergraphSdl, publicSdl, governance: governanceIndex(facts), ignoredFeatures };
}

/**
 * Composes the registers' schemas without governance: for measurement, never for data about people. Leaves
 * out the governance directives. Throws `CompositionFailure`, also for an access directive, and for a
 * derived field, because no register has it.
 */
export function composeUngoverned(schemas: readonly RegisterSchema[]): Catalogue {
  const registers = [...schemas].sort((one, other) => (one.name < other.name ? -1 : 1));
  const refused = registers.flatMap((register) => featuresRefused(register, 'ungoverned-register'));
  if (refused.length > 0) throw new CompositionFailure(refused);
  const derived = Object.keys(collectGovernance(registers).derivations);
  if (derived.length > 0)
    throw new CompositionFailure(
      derived.map((field) => ({
        rule: 'derived',
        file: field,
        line: 0,
        message: 'is derived by the gateway, which it does for governed questions only',
      })),
    );
  const { supergraphSdl, publicSdl, ignoredFeatures } = compose(registers);
  const hash = createHash('sha256').update(supergraphSdl).digest('hex');
  return { hash: `sha256:${hash}`, supergraphSdl, publicSdl, governance: NOTHING_GOVERNED, ignoredFeatures };
}

type Composed = Pick<Catalogue, 'supergraphSdl' | 'publicSdl' | 'ignoredFeatures'>;

function compose(registers: readonly RegisterSchema[]): Composed {
  const services = registers.map(({ name, document }) => ({
    name,
    url: `register://${name}`,
    typeDefs: stripGovernance(document),
  }));
  const composed = composeServices(services);
  if (composed.errors !== undefined)
    throw new CompositionFailure(composed.errors.map((error) => toProblem(error, registers)));
  const { supergraphSdl, publicSdl } = composed;
  // The registers were checked one by one. This is for what only the composer understood.
  const { refused } = unenforcedFeatures(parse(supergraphSdl), 'supergraph');
  if (refused.length > 0)
    throw new CompositionFailure(
      refused.map((finding) => ({ rule: 'feature-unenforced', file: 'composition', ...finding })),
    );
  const ignoredFeatures = registers.flatMap((register) => featuresIgnored(register));
  return { supergraphSdl, publicSdl, ignoredFeatures };
}

function toProblem(
  { message, extensions, locations }: Pick<GraphQLError, 'message' | 'extensions' | 'locations'>,
  registers: readonly RegisterSchema[],
): Problem {
  const { subgraphName, code } = extensions;
  const file = registers.find((register) => register.name === subgraphName)?.file ?? 'composition';
  return { rule: typeof code === 'string' ? code : 'composition', file, line: locations?.[0]?.line ?? 0, message };
}
