import { visit, type DocumentNode } from 'graphql';

/** Returns the number of nodes of a document. */
export function nodesIn(document: DocumentNode): number {
  let nodes = 0;
  visit(document, { enter: () => void (nodes += 1) });
  return nodes;
}

/**
 * Returns a document that is read like the given one, and throws when properties of its nodes have been read more than
 * `most` times: the work that is done on a document, counted, not timed.
 */
export function countedDocument(document: DocumentNode, most: number): DocumentNode {
  let reads = 0;
  const known = new WeakMap<object, object>();
  const counted = (value: unknown): unknown => {
    // Locations lead to the tokens of the text, which are no nodes.
    if (typeof value !== 'object' || value === null || !(Array.isArray(value) || 'kind' in value)) return value;
    let proxy = known.get(value);
    if (proxy === undefined) {
      proxy = new Proxy(value, {
        get: (target, key, receiver) => {
          if (!Array.isArray(target) && (reads += 1) > most) throw new Error(`read more than ${most} times`);
          return counted(Reflect.get(target, key, receiver));
        },
      });
      known.set(value, proxy);
    }
    return proxy;
  };
  return counted(document) as DocumentNode;
}
