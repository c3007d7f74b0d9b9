import { isObject } from '../../../schemas/objects.js';
import type { Node } from './document.js';
import { keywordsOf, type Keywords } from './schema.js';

/** Which schemas contain themselves, by members, items or variants. */
export interface Cycles {
  /** Whether each of the two contains the other. */
  isWithin(inner: Node, outer: Node): boolean;
}

/** Finds the schemas below `root` that contain each other (R. Tarjan, Depth-first search and linear graph algorithms, 1972). */
export function findCycles(root: Node, variantsOf: (keywords: Keywords, schema: Node) => readonly Node[]): Cycles {
  const order = new Map<Node, { readonly index: number; low: number }>();
  const component = new Map<Node, number>();
  const open: Node[] = [];
  const work = [{ node: root, below: belowOf(root, variantsOf), next: 0 }];
  order.set(root, { index: 0, low: 0 });
  open.push(root);
  for (let frame = work.at(-1); frame; frame = work.at(-1)) {
    const place = order.get(frame.node);
    if (!place) break;
    const child = frame.below[frame.next];
    frame.next += 1;
    if (child === undefined) {
      work.pop();
      const around = work.at(-1);
      const aroundPlace = around && order.get(around.node);
      if (aroundPlace) aroundPlace.low = Math.min(aroundPlace.low, place.low);
      if (place.low === place.index) closeComponent(frame.node, open, component);
      continue;
    }
    const known = order.get(child);
    if (known === undefined) {
      order.set(child, { index: order.size, low: order.size });
      open.push(child);
      work.push({ node: child, below: belowOf(child, variantsOf), next: 0 });
    } else if (!component.has(child)) place.low = Math.min(place.low, known.index);
  }
  return {
    isWithin: (inner, outer) => component.get(inner) !== undefined && component.get(inner) === component.get(outer),
  };
}

function closeComponent(root: Node, open: Node[], component: Map<Node, number>): void {
  const number = component.size;
  for (let node = open.pop(); node; node = open.pop()) {
    component.set(node, number);
    if (node === root) return;
  }
}

function belowOf(schema: Node, variantsOf: (keywords: Keywords, schema: Node) => readonly Node[]): readonly Node[] {
  const keywords = keywordsOf(schema);
  return [
    ...[...keywords.properties.values()].flat(),
    ...(keywords.items ? [keywords.items] : []),
    ...(isObject(keywords.additional) ? [keywords.additional] : []),
    ...keywords.alternatives,
    ...variantsOf(keywords, schema),
  ];
}
