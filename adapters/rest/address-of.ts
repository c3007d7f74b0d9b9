/** A path of the mapping below the register's base address; a path in that stands before it. */
export function addressOf(base: string, path: string): URL {
  return new URL(`${base.replace(/\/+$/, '')}${path}`);
}
