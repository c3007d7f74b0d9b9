import { createHash } from 'node:crypto';
import type { GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { CallerView } from '../../../policies/decision/view.js';
import type { Catalogue } from '../../../schemas/catalogue/governance.js';
import type { Caller } from '../../../schemas/vocabulary.js';
import { callerSchema, type IsVisible } from './caller-schema.js';

/** What a caller can see of the public schema. Equal keys, equal schemas. */
export interface SchemaView {
  readonly key: string;
  readonly schema: GraphQLSchema;
  readonly isVisible: IsVisible;
}

/** Returns the view of a caller. */
export type ViewOf = (caller: Caller) => SchemaView;

/** Callers whose view is remembered. Citizens of one client share a view. */
const MAX_CALLERS = 1_000;
/** Schemas that are kept. Callers with equal rights share one. */
const MAX_SCHEMAS = 50;

/** Makes the views of callers from the rules. They hold as long as catalogue and rules do. */
export function createCallerViews({
  catalogue: { governance, publicSdl },
  isInView,
}: {
  readonly catalogue: Pick<Catalogue, 'governance' | 'publicSdl'>;
  readonly isInView: CallerView;
}): ViewOf {
  const categories = [...governance.categories.keys()].sort();
  const byCaller = new LRUCache<string, SchemaView>({ max: MAX_CALLERS });
  const byKey = new LRUCache<string, SchemaView>({ max: MAX_SCHEMAS });
  const make = (caller: Caller): SchemaView => {
    const visible = new Set(categories.filter((category) => isInView(caller, category)));
    const key = createHash('sha256')
      .update([...visible].join(' '))
      .digest('hex');
    const known = byKey.get(key);
    if (known !== undefined) return known;
    const isVisible: IsVisible = (category) => visible.has(category);
    const view = { key, schema: callerSchema(publicSdl, governance, isVisible), isVisible };
    byKey.set(key, view);
    return view;
  };
  return (caller) => {
    const name = nameOf(caller);
    let view = byCaller.get(name);
    if (view === undefined) byCaller.set(name, (view = make(caller)));
    return view;
  };
}

/** Everything about a caller that its view depends on. */
function nameOf({ agency, system, kind }: Caller): string {
  return JSON.stringify([kind, system, agency?.id, agency?.bin]);
}
