import type { SelectedField } from '../../port.js';
import { ownMember } from '../../../schemas/objects.js';
import { readingOf, type MappedType, type MappedTypes } from '../../mapping/mapped-field.js';
import { stepsOf, type Path } from '../../mapping/path.js';
import { treeOf } from '../../rest/member-tree.js';
import type { Selection } from '../../rest/select-members.js';

/** Fields of the service that are asked of one object: by name, and those of one of its types only. */
interface Fields {
  readonly byName: Map<string, Fields>;
  readonly onType: Map<string, Fields>;
}

const TYPENAME = '__typename';

/**
 * Returns the selection of the service that holds exactly what a selection of ours reads, and `always`. Each text is one
 * selection, as `address { line1 }`. Where a type is told by `__typename`, its fields are asked on that type. Throws for a
 * path that no field of GraphQL can have.
 */
export function selectionOf(
  types: MappedTypes,
  type: string,
  fields: readonly SelectedField[],
  always: readonly Path[],
): Selection {
  const asked = noFields();
  for (const path of always) add(asked, path);
  addFields(types, type, fields, asked);
  add(asked, [TYPENAME]);
  return { members: textsOf(asked), tree: treeOf(namesOf(asked).map((name) => [name])) };
}

function addFields(types: MappedTypes, type: string, fields: readonly SelectedField[], asked: Fields): void {
  const mapped = ownMember(types, type);
  if (mapped?.discriminator !== undefined) return addTypes(types, mapped.discriminator, fields, asked);
  for (const field of fields) {
    const given = ownMember(mapped?.fields ?? {}, field.name);
    if (given === undefined) continue;
    const reading = readingOf(field.name, given);
    switch (reading.kind) {
      case 'leaf':
      case 'reference':
        add(asked, reading.at);
        break;
      case 'object':
        addFields(types, reading.type, field.fields, add(asked, reading.at));
        break;
      case 'abstract':
        addTypes(types, reading.discriminator, field.fields, add(asked, reading.at));
        break;
      case 'apart':
      case 'not_provided':
        break;
    }
  }
}

function addTypes(
  types: MappedTypes,
  { at, types: told, default: other }: NonNullable<MappedType['discriminator']>,
  fields: readonly SelectedField[],
  asked: Fields,
): void {
  const path = stepsOf(at);
  add(asked, path);
  const isTypename = path.length === 1 && path[0] === TYPENAME;
  for (const [value, type] of Object.entries(told)) {
    const own = isTypename ? onType(asked, value) : asked;
    addFields(
      types,
      type,
      fields.filter((field) => isOf(types, type, field)),
      own,
    );
  }
  if (other !== undefined)
    addFields(
      types,
      other,
      fields.filter((field) => isOf(types, other, field)),
      asked,
    );
}

/** Whether a field is selected on a type, or on an interface that maps it. */
function isOf(types: MappedTypes, type: string, { parentType, name }: SelectedField): boolean {
  if (parentType === type) return true;
  const isConcrete = Object.keys(ownMember(types, parentType)?.fields ?? {}).length > 0;
  return !isConcrete && ownMember(ownMember(types, type)?.fields ?? {}, name) !== undefined;
}

function noFields(): Fields {
  return { byName: new Map(), onType: new Map() };
}

/** Adds the fields of a path; positions in lists are no fields. Returns what is asked of the object at its end. */
function add(asked: Fields, path: Path): Fields {
  let at = asked;
  for (const step of path) {
    if (typeof step === 'number') continue;
    at = child(at.byName, checkedName(step));
  }
  return at;
}

function onType(asked: Fields, type: string): Fields {
  return child(asked.onType, checkedName(type));
}

function child(children: Map<string, Fields>, name: string): Fields {
  const known = children.get(name) ?? noFields();
  children.set(name, known);
  return known;
}

/** GraphQL specification, section 2.1.9. Nothing but a name can come into a document from a mapping. */
function checkedName(name: string): string {
  if (!/^[_A-Za-z][_0-9A-Za-z]*$/.test(name))
    throw new Error(`source.yaml maps "${name}", which is no name of GraphQL`);
  return name;
}

/** In order, so that equal selections are equal texts. */
function textsOf({ byName, onType: byType }: Fields): readonly string[] {
  return [
    ...[...byName].map(([name, fields]) => textOf(name, fields)).sort(),
    ...[...byType].map(([type, fields]) => textOf(`... on ${type}`, withTypename(fields))).sort(),
  ];
}

/** A fragment must select something. */
function withTypename(fields: Fields): Fields {
  add(fields, [TYPENAME]);
  return fields;
}

function textOf(name: string, fields: Fields): string {
  const texts = textsOf(fields);
  return texts.length === 0 ? name : `${name} { ${texts.join(' ')} }`;
}

function namesOf({ byName, onType: byType }: Fields): readonly string[] {
  return [...byName.keys(), ...[...byType.values()].flatMap(namesOf)];
}
