/** Splits the keys, in their order, into chunks of at most the given size. */
export function inChunks(keys: readonly string[], size: number): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(keys.length / size) }, (_, chunk) =>
    keys.slice(chunk * size, (chunk + 1) * size),
  );
}
