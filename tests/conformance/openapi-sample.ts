import { isObject } from '../../schemas/objects.js';

type Node = Readonly<Record<string, unknown>>;

/**
 * Makes an answer from a schema of an OpenAPI document, with every member, as a server that knows nothing of Tereze would.
 * `root` is the document, whose references are followed. Of several variants it takes the first.
 */
export function sampleOf(schema: unknown, root: Node, name = '', seen: readonly unknown[] = []): unknown {
  const node = followed(schema, root);
  if (seen.filter((one) => one === node).length > 0 || seen.length > 30) return undefined;
  const inside = [...seen, node];
  const merged = mergedOf(node, root);
  const { example, properties, items, type, discriminator } = merged;
  const mapping = isObject(discriminator) && isObject(discriminator['mapping']) ? discriminator['mapping'] : undefined;
  const [first] = Object.entries(mapping ?? {});
  if (first && isObject(discriminator) && !inside.slice(0, -1).some((one) => one === node))
    return {
      ...(sampleObject(mergedOf(followed({ $ref: first[1] }, root), root), root, inside) as object),
      [String(discriminator['propertyName'])]: first[0],
    };
  if (isObject(properties)) return sampleObject(merged, root, inside);
  if (type === 'array' || items !== undefined) {
    const one = sampleOf(items, root, name, inside);
    return one === undefined ? [] : [one];
  }
  if (example !== undefined) return example;
  if (Array.isArray(merged['enum'])) return merged['enum'][0];
  const alternative = [merged['oneOf'], merged['anyOf']].flat().find((one) => isObject(one));
  if (alternative) return sampleOf(alternative, root, name, inside);
  return leafSample(merged);
}

function sampleObject({ properties }: Node, root: Node, seen: readonly unknown[]): unknown {
  return Object.fromEntries(
    Object.entries(isObject(properties) ? properties : {}).flatMap(([name, member]) => {
      const value = sampleOf(member, root, name, seen);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function leafSample({ type, format, pattern, description, minimum }: Node): unknown {
  if (type === 'boolean') return true;
  if (type === 'integer') return typeof minimum === 'number' ? minimum : 7;
  if (type === 'number') return 12.5;
  if (format === 'date') return '2001-02-03';
  if (format === 'date-time') return '2026-02-20T05:00:32Z';
  if (description === 'dd.MM.yyyy') return '01.02.2025';
  const digits = /^\^\[0-9\]\{(\d+)\}\$$/.exec(String(pattern))?.[1];
  return digits === undefined ? 'text' : '1'.repeat(Number(digits));
}

function followed(schema: unknown, root: Node): Node {
  if (!isObject(schema)) return {};
  const { $ref: ref, ...beside } = schema;
  if (typeof ref !== 'string') return schema;
  let target: unknown = root;
  for (const step of ref.split('/').slice(1)) target = isObject(target) ? target[step] : undefined;
  return Object.keys(beside).length === 0 ? followed(target, root) : { ...followed(target, root), ...beside };
}

function mergedOf(node: Node, root: Node): Node {
  const parts = Array.isArray(node['allOf']) ? node['allOf'].map((one) => mergedOf(followed(one, root), root)) : [];
  const properties = [...parts, node].map((part) => (isObject(part['properties']) ? part['properties'] : {}));
  // What extends a schema is a variant of it already.
  const bases = parts.map((part) => ({ ...part, discriminator: undefined }));
  return {
    ...Object.assign({}, ...bases),
    ...node,
    ...(properties.some((one) => Object.keys(one).length > 0) ? { properties: Object.assign({}, ...properties) } : {}),
  };
}
