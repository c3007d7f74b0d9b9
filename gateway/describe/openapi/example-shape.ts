import { isObject } from '../../../schemas/objects.js';
import type { LeafShape, MemberShape, ObjectShape, Shape, UnknownShape } from '../description.js';
import { pointerOf } from './pointer.js';

/**
 * Returns the shape of an example answer: types of JSON and no more, because an example does not say what must come or
 * what else may. Numbers without a fraction are taken for whole numbers.
 */
export function shapeOfExample(example: unknown, file: string, name: string): Shape {
  return shapeOf([example], file, name);
}

/** The shape of values that come in the same place. */
function shapeOf(values: readonly unknown[], place: string, name: string): Shape {
  const known = values.filter((value) => value !== null && value !== undefined);
  if (known.length === 0) return unknown('the example has no value here');
  if (known.every(Array.isArray)) {
    const of = shapeOf((known as unknown[][]).flat(), pointerOf(place, 0), name);
    return of.kind === 'unknown' ? of : { kind: 'list', of };
  }
  if (known.every(isObject)) return objectOf(known, place, name);
  return leafOf(known) ?? unknown('it has several types in the example');
}

function objectOf(
  values: readonly Readonly<Record<string, unknown>>[],
  place: string,
  name: string,
): ObjectShape | UnknownShape {
  const names = [...new Set(values.flatMap((value) => Object.keys(value)))];
  if (names.length === 0) return unknown('the object in the example is empty');
  const members = names.map((member): MemberShape => {
    const at = pointerOf(place, member);
    const inside = values.map((value) => value[member]);
    return {
      name: member,
      at: [member],
      shape: shapeOf(inside, at, member),
      required: false,
      nullable: true,
      place: at,
    };
  });
  return { kind: 'object', name, members, open: true };
}

function leafOf(values: readonly unknown[]): LeafShape | undefined {
  const types = new Set(values.map((value) => typeof value));
  const [type] = types;
  if (types.size !== 1) return undefined;
  if (type === 'string') return { kind: 'leaf', type: 'text' };
  if (type === 'boolean') return { kind: 'leaf', type: 'boolean' };
  if (type !== 'number') return undefined;
  return values.every(Number.isInteger)
    ? { kind: 'leaf', type: 'long', transform: { as: 'integer' } }
    : { kind: 'leaf', type: 'decimal', transform: { as: 'decimal' } };
}

function unknown(why: string): UnknownShape {
  return { kind: 'unknown', why };
}
