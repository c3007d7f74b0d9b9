import { ownMember } from '../../schemas/objects.js';
import { readingOf, type MappedTypes } from './mapped-field.js';
import { stepsOf, type Path } from './path.js';

/** A field of a mapping, and where it is in a record. */
export interface MappedPath {
  /** `Citizen.documents.number`. */
  readonly field: string;
  readonly at: Path;
  /** Whether everything below is mapped with it. */
  readonly isLeaf: boolean;
}

/** Types may contain each other. */
const MAX_DEPTH = 6;

/** Returns where the mapping of a type reads a record, at any depth: of a type within itself, down to six objects. */
export function mappedPathsOf(types: MappedTypes, type: string): readonly MappedPath[] {
  return mappedPaths(types, type, { field: type, at: [], depth: 0 });
}

function mappedPaths(
  types: MappedTypes,
  type: string,
  within: { readonly field: string; readonly at: Path; readonly depth: number },
): readonly MappedPath[] {
  const mapped = ownMember(types, type);
  if (mapped === undefined || within.depth > MAX_DEPTH) return [{ field: within.field, at: within.at, isLeaf: true }];
  const fields = Object.entries(mapped.fields).flatMap(([name, field]) => {
    const reading = readingOf(name, field);
    if (reading.kind === 'apart' || reading.kind === 'not_provided') return [];
    const here = { field: `${within.field}.${name}`, at: [...within.at, ...reading.at], depth: within.depth + 1 };
    if (reading.kind === 'object') return mappedPaths(types, reading.type, here);
    if (reading.kind !== 'abstract') return [{ field: here.field, at: here.at, isLeaf: true }];
    return abstractPaths(types, reading.discriminator, here);
  });
  return mapped.discriminator === undefined
    ? fields
    : [...fields, ...abstractPaths(types, mapped.discriminator, { ...within, depth: within.depth + 1 })];
}

type Discriminator = NonNullable<MappedTypes[string]['discriminator']>;

function abstractPaths(
  types: MappedTypes,
  { at, types: concrete, default: other }: Discriminator,
  within: { readonly field: string; readonly at: Path; readonly depth: number },
): readonly MappedPath[] {
  const names = new Set([...Object.values(concrete), ...(other === undefined ? [] : [other])]);
  return [
    { field: `${within.field}.__typename`, at: [...within.at, ...stepsOf(at)], isLeaf: true },
    ...[...names].flatMap((name) => mappedPaths(types, name, within)),
  ];
}
