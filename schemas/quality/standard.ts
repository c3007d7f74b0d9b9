import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2019, type ErrorObject, type ValidateFunction } from 'ajv/dist/2019.js';
import type { DocumentPath } from '../bounded-yaml.js';
import { packageRoot } from '../package-root.js';

/** Versions of the Open Data Contract Standard that a contract may be written in. The newest is the last. */
export const STANDARD_VERSIONS = ['v3.0.0', 'v3.0.1', 'v3.0.2', 'v3.1.0'] as const;
export type StandardVersion = (typeof STANDARD_VERSIONS)[number];

/** What the schema of the standard says against a document. */
export interface StandardFault {
  readonly path: DocumentPath;
  /** The member that the fault is about, if the value at `path` has one too many. */
  readonly member: string | undefined;
  readonly message: string;
}

const NEWEST: StandardVersion = 'v3.1.0';

/** Compiling one takes a fifth of a second: each is compiled when a contract first needs it, and kept. */
const VALIDATORS: Readonly<Record<StandardVersion, () => ValidateFunction>> = {
  'v3.0.0': once(() => compile('v3.0.0')),
  'v3.0.1': once(() => compile('v3.0.1')),
  'v3.0.2': once(() => compile('v3.0.2')),
  'v3.1.0': once(() => compile('v3.1.0')),
};

/**
 * Returns what speaks against a document: nothing if it is valid by the JSON Schema of its own version or by that of the
 * newest, which the standard's own examples of older versions need. Otherwise what the newest says, and that the version
 * is unknown if it is.
 */
export function standardFaults(document: unknown, apiVersion: unknown): readonly StandardFault[] {
  const own = STANDARD_VERSIONS.find((version) => version === apiVersion);
  if (own !== undefined && own !== NEWEST && faultsBy(own, document).length === 0) return [];
  const found = faultsBy(NEWEST, document);
  if (own !== undefined || apiVersion === undefined) return found;
  const message = `must be one of ${STANDARD_VERSIONS.join(', ')}`;
  return [
    { path: ['apiVersion'], member: undefined, message },
    ...found.filter(({ path }) => path[0] !== 'apiVersion'),
  ];
}

function faultsBy(version: StandardVersion, document: unknown): readonly StandardFault[] {
  const validate = VALIDATORS[version]();
  return validate(document) ? [] : specific(validate.errors ?? []).map(faultOf);
}

function compile(version: StandardVersion): ValidateFunction {
  const file = join(packageRoot(), 'schemas', 'quality', 'standard', `odcs-json-schema-${version}.json`);
  // Formats are annotations in this draft (2019-09, 7.2.2), and the standard's own tools do not check them.
  const ajv = new Ajv2019({
    strict: false,
    strictNumbers: true,
    allErrors: true,
    validateFormats: false,
    // It runs on a few documents at start: shorter code would cost more to make than it saves.
    code: { optimize: false },
  });
  return ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Keywords that only report that a schema inside them has failed. */
const AROUND = new Set(['if', 'allOf', 'anyOf', 'oneOf']);

/**
 * Leaves out what follows from another fault. Where a schema fails, the members that it knows count as unevaluated, and
 * the schemas around it fail with it.
 */
function specific(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const plain = errors.filter(({ keyword }) => !AROUND.has(keyword) && keyword !== 'unevaluatedProperties');
  const isAt = (place: string) => (error: ErrorObject) =>
    error.instancePath === place || error.instancePath.startsWith(`${place}/`);
  const kept = errors.filter(
    (error) => plain.includes(error) || !plain.some(isAt(error.instancePath)) || error.keyword === 'oneOf',
  );
  const unevaluated = kept.filter(({ keyword }) => keyword === 'unevaluatedProperties');
  const innermost = kept.filter(
    (error) =>
      error.keyword !== 'unevaluatedProperties' ||
      !unevaluated.some((other) => other.instancePath.startsWith(`${error.instancePath}/`)),
  );
  const seen = new Set<string>();
  return innermost.filter((error) => {
    const key = JSON.stringify([error.instancePath, error.message, error.params]);
    return !seen.has(key) && seen.add(key);
  });
}

function faultOf({ instancePath, message = 'is wrong', params }: ErrorObject): StandardFault {
  const { unevaluatedProperty, additionalProperty, allowedValues } = params as Partial<Record<string, unknown>>;
  const member = [unevaluatedProperty, additionalProperty].find((one) => typeof one === 'string');
  const detail = member ?? (Array.isArray(allowedValues) ? allowedValues.join(', ') : undefined);
  return { path: pathOf(instancePath), member, message: detail === undefined ? message : `${message}: ${detail}` };
}

/** Reads a JSON Pointer (RFC 6901). An index is kept as a text. */
function pathOf(pointer: string): DocumentPath {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
