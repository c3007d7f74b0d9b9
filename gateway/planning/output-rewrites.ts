import type { Rewrite } from './plan.js';

/** What of a fetch's output rewrites holds below a response key. */
export function rewritesBelow(rewrites: readonly Rewrite[], key: string): readonly Rewrite[] {
  return rewrites.flatMap((rewrite) => {
    const [first, path] = firstKey(rewrite);
    return first === key && path.length > 0 ? [{ ...rewrite, path }] : [];
  });
}

/** The key under which a field stands in the data after the output rewrites. */
export function renamedKey(rewrites: readonly Rewrite[], key: string): string {
  const rename = rewrites.find((rewrite) => {
    const [first, path] = firstKey(rewrite);
    return first === key && !path.some((step) => step.kind === 'key');
  });
  return rename?.kind === 'rename' ? rename.to : key;
}

/** The first key of a rewrite's path, and the path behind it. */
function firstKey({ path }: Rewrite): readonly [string | undefined, Rewrite['path']] {
  const position = path.findIndex((step) => step.kind === 'key');
  const step = path[position];
  return [step?.kind === 'key' ? step.name : undefined, path.slice(position + 1)];
}
