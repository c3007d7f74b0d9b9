import { ownMember } from '../../schemas/objects.js';
import { readingOf, type MappedRoot, type MappedType } from '../mapping/mapped-field.js';
import { namesIn } from './member-tree.js';
import type { OperationSource } from './operation-source.js';
import { placeholdersIn } from './request/placeholders.js';
import type { QueryValue } from './request/request-source.js';

type Named<Value> = Readonly<Record<string, Value>>;

/** The parts of a mapping in which members of records are named and requested. */
interface Source {
  readonly operations?: Named<OperationSource> | undefined;
  readonly types: Named<MappedType & { readonly read?: string | undefined; readonly batch?: string | undefined }>;
  readonly roots: Named<MappedRoot>;
}

/** A name in a mapping that a request would write so that it reads as another one. */
interface SelectionFault {
  readonly message: string;
  readonly path: readonly string[];
}

/**
 * Returns each field whose path has a name that holds what stands between the names of a selection: the register would be
 * asked for other members than those of the field.
 */
export function selectionFaults({ operations = {}, types, roots }: Source): readonly SelectionFault[] {
  const found = new Map<string, SelectionFault>();
  for (const [name, operation] of Object.entries(operations)) {
    const separators = separatorsOf(operation);
    const read = separators.length === 0 ? [] : [...typesReadBy(name, types, roots)];
    for (const { names, path } of read.flatMap((type) => placesIn(type, types[type]?.fields ?? {}))) {
      const separator = separators.find((one) => names.some((text) => text.includes(one)));
      if (separator === undefined) continue;
      const message = `is at a name with "${separator}", which stands between names in {select} of ${name}: select with another separator, or leave out {select}`;
      found.set(path.join('\n'), { message, path });
    }
  }
  return [...found.values()];
}

/** Returns the texts that a name in a selection may not hold. */
function separatorsOf({ request, select }: OperationSource): readonly string[] {
  const between: string[] = [];
  let selects = false;
  const look = (template: unknown, joined: string | undefined): void => {
    if (typeof template === 'string') {
      const own = placeholdersIn(template).filter(({ name }) => name === 'select');
      if (own.length === 0) return;
      selects = true;
      if (joined !== undefined) between.push(joined);
      // As one text a selection is joined with commas.
      if (own.some(({ isList }) => !isList)) between.push(',');
    } else if (typeof template === 'object' && template !== null)
      for (const one of Object.values(template)) look(one, joined);
  };
  const lookAtParameters = (parameters: Readonly<Record<string, QueryValue>> = {}): void => {
    for (const value of Object.values(parameters))
      look(value, typeof value === 'object' && 'joined' in value ? value.with : undefined);
  };
  lookAtParameters(request.query);
  lookAtParameters(request.form);
  look([request.headers, request.body], undefined);
  return [...new Set(selects && select !== undefined ? [...between, select.separator] : between)];
}

/** The type of a root field is in the schema only: any type may be it. */
function typesReadBy(operation: string, types: Source['types'], roots: Source['roots']): ReadonlySet<string> {
  const isRoot = Object.values(roots).some(
    (root) => typeof root === 'object' && 'operation' in root && root.operation === operation,
  );
  if (isRoot) return new Set(Object.keys(types));
  const reached = new Set<string>();
  const reach = (name: string | undefined): void => {
    if (name === undefined || reached.has(name)) return;
    reached.add(name);
    const mapped = ownMember(types, name);
    for (const below of mapped === undefined ? [] : typesBelow(mapped)) reach(below);
  };
  for (const [name, mapped] of Object.entries(types)) {
    if (mapped.read === operation || mapped.batch === operation) reach(name);
    for (const field of Object.values(mapped.fields))
      if (typeof field === 'object' && 'operation' in field && field.operation === operation) reach(field.type);
  }
  return reached;
}

function typesBelow({ fields, discriminator }: MappedType): readonly string[] {
  const told = (given: typeof discriminator): readonly string[] =>
    given === undefined ? [] : [...Object.values(given.types), ...(given.default === undefined ? [] : [given.default])];
  const below = Object.entries(fields).flatMap(([name, field]) => {
    const reading = readingOf(name, field);
    if (reading.kind === 'object') return [reading.type];
    return reading.kind === 'abstract' ? told(reading.discriminator) : [];
  });
  return [...told(discriminator), ...below];
}

/** Returns the names on the way to each field of a record, and where the field is written. */
function placesIn(
  type: string,
  fields: MappedType['fields'],
): readonly { readonly names: readonly string[]; readonly path: readonly string[] }[] {
  return Object.entries(fields).map(([field, given]) => {
    const reading = readingOf(field, given);
    return { names: 'at' in reading ? namesIn(reading.at) : [], path: ['types', type, 'fields', field] };
  });
}
