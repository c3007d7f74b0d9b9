/** Returns the known key that was most likely meant, or undefined if none is near. */
export function nearestKey(written: string, known: readonly string[]): string | undefined {
  const [best] = byDistance(written, known);
  return best !== undefined && best.distance <= Math.max(2, Math.floor(written.length / 3)) ? best.key : undefined;
}

/** Returns the nearest known keys, nearest first, however far they are. */
export function nearestKeys(written: string, known: readonly string[], count: number): readonly string[] {
  return byDistance(written, known)
    .slice(0, count)
    .map(({ key }) => key);
}

function byDistance(written: string, known: readonly string[]): readonly { key: string; distance: number }[] {
  return known
    .map((key) => ({ key, distance: editDistance(simplified(written), simplified(key)) }))
    .sort((a, b) => a.distance - b.distance || (a.key < b.key ? -1 : 1));
}

/** Returns a key without case and separators: `publicUrl`, `public-url` and `public_url` are the same. */
function simplified(key: string): string {
  return key.toLowerCase().replace(/[-_ ]/g, '');
}

/** Optimal string alignment: insertions, deletions, substitutions and neighbouring letters swapped each cost one. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i += 1) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
          ? at(i - 2, j - 2) + 1
          : Number.POSITIVE_INFINITY;
      rows[i]?.push(Math.min(replaced, swapped, at(i - 1, j) + 1, at(i, j - 1) + 1));
    }
  }
  return at(a.length, b.length);
}
