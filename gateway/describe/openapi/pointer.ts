/** Returns a reference to a member of what `ref` leads to: a JSON pointer in a fragment (RFC 6901, section 6). */
export function pointerOf(ref: string, ...names: readonly (string | number)[]): string {
  return [ref, ...names.map((name) => String(name).replace(/~/g, '~0').replace(/\//g, '~1'))].join('/');
}

/** Returns what a reference within a document leads to. Undefined if there is nothing. */
export function valueAt(root: unknown, ref: string): unknown {
  let value = root;
  for (const step of stepsOf(ref)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

/** Returns the last name of a reference: `Person` of `#/components/schemas/Person`. */
export function lastName(ref: string): string {
  return stepsOf(ref).at(-1) ?? '';
}

function stepsOf(ref: string): readonly string[] {
  const fragment = ref.slice(ref.indexOf('#') + 1);
  if (fragment === '') return [];
  return fragment.replace(/^\//, '').split('/').map(decoded);
}

function decoded(step: string): string {
  let text = step;
  try {
    text = decodeURIComponent(step);
  } catch {
    // A per cent sign that encodes nothing stands for itself.
  }
  return text.replace(/~1/g, '/').replace(/~0/g, '~');
}
