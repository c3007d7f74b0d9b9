/** Returns the address of a mapped path. The path of the base address comes first. */
export function addressOf(base: string, path: string): URL {
  return new URL(`${base.replace(/\/+$/, '')}${path}`);
}
