/** Code of an error (`ECONNREFUSED`, an SQLSTATE), which tells what happened without telling of whom; undefined when it has none. */
export function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{1,64}$/.test(code) ? code : undefined;
}
