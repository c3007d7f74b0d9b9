import type { Rewrite, RewriteStep } from '../../planning/plan.js';
import type { SupergraphTypes } from '../../../schemas/catalogue/supergraph-types.js';

/** A rename of one field of a selection. */
export interface Rename {
  /** Types of the object for which it holds; absent: every type. */
  readonly types?: ReadonlySet<string>;
  readonly to: string;
}

/** An output rewrite on its way down a selection. */
export interface PendingRewrite {
  readonly path: readonly RewriteStep[];
  readonly to: string;
}

/** Returns the renames of a fetch's output rewrites. A register's answer is renamed while it is accepted. Throws for any other rewrite. */
export function pendingRenames(rewrites: readonly Rewrite[]): readonly PendingRewrite[] {
  return rewrites.map((rewrite) => {
    if (rewrite.kind !== 'rename') throw new Error('the plan sets a value in an answer, which no known plan does');
    return { path: rewrite.path, to: rewrite.to };
  });
}

/** Returns the pending renames of the field with this response key, and those of fields below it. */
export function renamesAt(
  pending: readonly PendingRewrite[],
  responseKey: string,
  types: SupergraphTypes,
): { readonly here: readonly Rename[]; readonly below: readonly PendingRewrite[] } {
  const here: Rename[] = [];
  const below: PendingRewrite[] = [];
  for (const { path, to } of pending) {
    const position = path.findIndex((step) => step.kind === 'key');
    const key = path[position];
    if (key?.kind !== 'key' || key.name !== responseKey) continue;
    const rest = path.slice(position + 1);
    if (rest.some((step) => step.kind === 'key')) below.push({ path: rest, to });
    else here.push({ to, ...typesOf(path.slice(0, position), types) });
  }
  return { here, below };
}

function typesOf(steps: readonly RewriteStep[], types: SupergraphTypes): { types?: ReadonlySet<string> } {
  const last = steps.at(-1);
  if (last?.kind !== 'type') return {};
  return { types: new Set(last.names.flatMap((name) => [...types.possibleTypes(name)])) };
}

/** Sets values in a representation before it is sent (input rewrites: `__typename` of an interface object). */
export function compileInputRewrites(
  rewrites: readonly Rewrite[],
  types: SupergraphTypes,
): (representation: Record<string, unknown>) => void {
  const setters = rewrites.map((rewrite) => compileInputRewrite(rewrite, types));
  return (representation) => {
    for (const set of setters) set(representation);
  };
}

function compileInputRewrite(
  rewrite: Rewrite,
  types: SupergraphTypes,
): (representation: Record<string, unknown>) => void {
  const key = rewrite.path.at(-1);
  const before = rewrite.path.slice(0, -1);
  if (key?.kind !== 'key' || before.some((step) => step.kind === 'key'))
    throw new Error('the plan rewrites below the top of a representation');
  const condition = typesOf(before, types).types;
  return (representation) => {
    const type = representation['__typename'];
    if (condition && (typeof type !== 'string' || !condition.has(type))) return;
    if (rewrite.kind === 'set') {
      representation[key.name] = rewrite.value;
    } else if (Object.hasOwn(representation, key.name)) {
      representation[rewrite.to] = representation[key.name];
      Reflect.deleteProperty(representation, key.name);
    }
  };
}
