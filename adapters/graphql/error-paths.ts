import { isObject, ownMember } from '../../schemas/objects.js';

export type ErrorPath = readonly (string | number)[];

/**
 * Returns the paths of the errors in a response (GraphQL specification, section 7.1.2). It does not read messages.
 * Returns undefined if `errors` is no list or an error has no path: then no one can tell which data it spoils.
 */
export function errorPaths(errors: unknown): readonly ErrorPath[] | undefined {
  if (errors === undefined || errors === null) return [];
  if (!Array.isArray(errors)) return undefined;
  const paths = errors.map((error: unknown) => (isObject(error) ? ownMember(error, 'path') : undefined));
  return paths.every(isErrorPath) ? paths : undefined;
}

function isErrorPath(path: unknown): path is ErrorPath {
  return (
    Array.isArray(path) && path.length > 0 && path.every((step) => typeof step === 'string' || Number.isInteger(step))
  );
}
