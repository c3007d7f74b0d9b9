import { getNamedType, isObjectType, type GraphQLField, type GraphQLObjectType, type GraphQLSchema } from 'graphql';

/** Whether a caller can ask for a field, `Registration.street`. */
export type CanAsk = (coordinate: string) => boolean;

/** A field of a type, and a document that asks for this field of the person `$iin` and for nothing else. */
export interface Probe {
  readonly coordinate: string;
  readonly document: string;
}

/** The type of people: what leads to it leads to another person. */
const PERSON = 'Citizen';

/** Returns a probe for each field that can be asked of a person without a link; of a link, for the number behind it. */
export function probesOf(schema: GraphQLSchema): readonly Probe[] {
  return probesBelow(personType(schema), (selection) => question(selection));
}

function probesBelow(type: GraphQLObjectType, within: (selection: string) => string): readonly Probe[] {
  return Object.values(type.getFields()).flatMap((field) => {
    const below = belowOf(field);
    if (below !== undefined && below.name !== PERSON)
      return probesBelow(below, (selection) => within(`${field.name} { ${selection} }`));
    const selection = below === undefined ? field.name : `${field.name} { iin }`;
    return { coordinate: `${type.name}.${field.name}`, document: within(selection) };
  });
}

/** Returns one document that asks for every field of a person that the caller can ask for, and of everyone up to `links` links away. */
export function everyField(schema: GraphQLSchema, canAsk: CanAsk, links: number): string {
  return question(selectionOf(personType(schema), canAsk, links));
}

function selectionOf(type: GraphQLObjectType, canAsk: CanAsk, links: number): string {
  const parts = Object.values(type.getFields()).flatMap((field) => {
    const below = belowOf(field);
    if (below === undefined) return canAsk(`${type.name}.${field.name}`) ? [field.name] : [];
    const isLink = below.name === PERSON;
    if (isLink && (links === 0 || !canAsk(`${type.name}.${field.name}`))) return [];
    const selection = selectionOf(below, canAsk, isLink ? links - 1 : links);
    return selection === '' ? [] : [`${field.name} { ${selection} }`];
  });
  return parts.join(' ');
}

function question(selection: string): string {
  return `query EveryField($iin: Iin!) { citizen(iin: $iin) { ${selection} } }`;
}

function belowOf(field: GraphQLField<unknown, unknown>): GraphQLObjectType | undefined {
  const type = getNamedType(field.type);
  return isObjectType(type) ? type : undefined;
}

function personType(schema: GraphQLSchema): GraphQLObjectType {
  const type = schema.getType(PERSON);
  if (!isObjectType(type)) throw new Error(`the schema has no type ${PERSON}`);
  return type;
}
