import { isObject, ownMember } from '../../../schemas/objects.js';
import type { Path } from '../../mapping/path.js';

/** What is at a path of an answer, or why nothing is. */
export type Walked =
  | { readonly kind: 'value'; readonly value: unknown }
  /** Something on the way, or the end, is null. */
  | { readonly kind: 'null' }
  /** A list on the way has nothing at the position, because it is empty. */
  | { readonly kind: 'empty_list' }
  /** Something on the way is absent or of another kind. `at`: the first step that leads nowhere. */
  | { readonly kind: 'missing'; readonly at: Path };

/** Walks a path of names and positions. It leads through no list without a position. */
export function walk(answer: unknown, path: Path): Walked {
  if (answer === null) return { kind: 'null' };
  let value = answer;
  for (const [position, step] of path.entries()) {
    const next = stepInto(value, step);
    if (next === undefined) {
      const isEmpty = Array.isArray(value) && value.length === 0 && typeof step === 'number';
      return isEmpty ? { kind: 'empty_list' } : { kind: 'missing', at: path.slice(0, position + 1) };
    }
    if (next === null) return { kind: 'null' };
    value = next;
  }
  return { kind: 'value', value };
}

function stepInto(value: unknown, step: string | number): unknown {
  if (typeof step === 'number') return Array.isArray(value) ? (value as readonly unknown[])[step] : undefined;
  return isObject(value) ? ownMember(value, step) : undefined;
}

/** Returns what is at a path, or undefined if nothing is. */
export function valueAt(answer: unknown, path: Path): unknown {
  const walked = walk(answer, path);
  return walked.kind === 'value' ? walked.value : undefined;
}
