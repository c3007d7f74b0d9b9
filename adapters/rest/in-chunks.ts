/** The keys in their order, so many at a time. */
export function inChunks(keys: readonly string[], size: number): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(keys.length / size) }, (_, chunk) =>
    keys.slice(chunk * size, (chunk + 1) * size),
  );
}
