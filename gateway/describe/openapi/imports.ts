import { isObject } from '../../../schemas/objects.js';
import type { Said } from '../description.js';
import { pointerOf, valueAt } from './pointer.js';

type Json = Readonly<Record<string, unknown>>;

/** Member of the whole document under which files that it refers to are kept. */
const IMPORTED = 'x-tereze-imported';
/** What stands for a reference that leads nowhere. */
export const UNRESOLVED = 'x-tereze-unresolved';

/** A document and the files that it refers to, with references within it only. */
export interface WholeDocument {
  readonly whole: Json;
  readonly said: readonly Said[];
}

/**
 * Returns the document with each file that it refers to as a part of it. `open` returns the file of a location, or
 * undefined. A reference that leads nowhere is named and replaced by a mark, because it may touch no chosen operation.
 */
export function withImports(root: Json, open: (location: string) => Json | undefined): WholeDocument {
  const imported: Record<string, unknown> = {};
  const places = new Map<string, string>([['', '#']]);
  const said: Said[] = [];
  const load = (location: string): string | undefined => {
    const known = places.get(location);
    if (known !== undefined) return known;
    const document = open(location);
    if (document === undefined) return undefined;
    const name = String(places.size);
    const ref = pointerOf('#', IMPORTED, name);
    places.set(location, ref);
    imported[name] = rewritten(document, location, ref);
    return ref;
  };
  const rewritten = (value: unknown, base: string, place: string): unknown => {
    if (Array.isArray(value)) return value.map((one, index) => rewritten(one, base, pointerOf(place, index)));
    if (!isObject(value)) return value;
    const members = Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, rewritten(member, base, pointerOf(place, name))]),
    );
    const { $ref: ref } = value;
    if (typeof ref !== 'string') return members;
    const [location = '', fragment = ''] = ref.split('#', 2);
    const target = load(location === '' ? base : joined(base, location));
    if (target !== undefined) return { ...members, $ref: `${target}${fragment}` };
    said.push({ place, message: `the reference ${ref} is not followed: name its file with --import ${location}=FILE` });
    return { [UNRESOLVED]: ref };
  };
  const whole: Json = { ...(rewritten(root, '', '#') as Json), ...(places.size > 1 ? { [IMPORTED]: imported } : {}) };
  return { whole: withoutDangling(whole, whole, '#', said) as Json, said };
}

function joined(base: string, location: string): string {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(location) || base === '') return location;
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(base)) return new URL(location, base).href;
  return new URL(location, `file:///${base}`).pathname.slice(1);
}

function withoutDangling(value: unknown, whole: Json, place: string, said: Said[]): unknown {
  if (Array.isArray(value))
    return value.map((one, index) => withoutDangling(one, whole, pointerOf(place, index), said));
  if (!isObject(value)) return value;
  const { $ref: ref } = value;
  if (typeof ref === 'string' && !leadsSomewhere(whole, ref)) {
    said.push({ place, message: `the reference ${ref} leads nowhere` });
    return { [UNRESOLVED]: ref };
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withoutDangling(member, whole, pointerOf(place, name), said)]),
  );
}

/** Whether a reference ends at a value: not at nothing, and not at itself by others. */
function leadsSomewhere(whole: Json, ref: string): boolean {
  const seen = new Set<string>();
  for (let next = ref; !seen.has(next);) {
    seen.add(next);
    const value = valueAtThroughRefs(whole, next);
    if (value === undefined) return false;
    const further = isObject(value) ? value['$ref'] : undefined;
    if (typeof further !== 'string') return true;
    next = further;
  }
  return false;
}

function valueAtThroughRefs(whole: Json, ref: string): unknown {
  const direct = valueAt(whole, ref);
  if (direct !== undefined) return direct;
  // A pointer may go through another reference.
  const [, ...steps] = ref.split('/');
  for (let length = steps.length - 1; length > 0; length -= 1) {
    const around = valueAt(whole, `#/${steps.slice(0, length).join('/')}`);
    const further = isObject(around) ? around['$ref'] : undefined;
    if (typeof further === 'string') return valueAt(whole, `${further}/${steps.slice(length).join('/')}`);
  }
  return undefined;
}
