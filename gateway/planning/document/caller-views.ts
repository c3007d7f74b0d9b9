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
  const keys = new LRUCache<string, string>({ max: MAX_CALLERS });
  const views = new LRUCache<string, SchemaView>({ max: MAX_SCHEMAS });
  return (caller) => {
    const name = nameOf(caller);
    let key = keys.get(name);
    if (key === undefined) {
      const visible = categories.filter((category) => isInView(caller, category));
      keys.set(name, (key = createHash('sha256').update(visible.join(' ')).digest('hex')));
    }
    let view = views.get(key);
    if (view === undefined) {
      const visible = new Set(categories.filter((category) => isInView(caller, category)));
      const isVisible: IsVisible = (category) => visible.has(category);
      views.set(key, (view = { key, schema: callerSchema(publicSdl, governance, isVisible), isVisible }));
    }
    return view;
  };
}

/** Everything about a caller that a rule can see. */
function nameOf(caller: Caller): string {
  return JSON.stringify({ ...caller, person: undefined, officer: undefined });
}
