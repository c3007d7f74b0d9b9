/** Returns the code of an error (`ECONNREFUSED`, an SQLSTATE), or undefined if it has none. A code holds no data of a person. */
export function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_/]{1,64}$/.test(code) ? code : undefined;
}
