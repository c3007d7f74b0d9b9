import { isInputObjectType, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';

/** A word in a name of a schema: `HousingQueue`, `housing_queue` and `housingQueue` have the words housing and queue. */
const WORD = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g;

/** Returns the words, in lower case, of which the names of a schema's types, fields and arguments consist. */
export function schemaWords(schema: GraphQLSchema): ReadonlySet<string> {
  return new Set(namesOf(schema).flatMap(wordsOf));
}

/** Returns whether a name consists of such words only: then it holds no name and no number of a person. */
export function consistsOf(name: string, words: ReadonlySet<string>): boolean {
  const found = wordsOf(name);
  return found.length > 0 && found.every((word) => words.has(word));
}

function wordsOf(name: string): string[] {
  return (name.match(WORD) ?? []).map((word) => word.toLowerCase());
}

function namesOf(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap())
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) => {
      if (isInputObjectType(type)) return [type.name, ...Object.keys(type.getFields())];
      if (!isObjectType(type) && !isInterfaceType(type)) return [type.name];
      return [
        type.name,
        ...Object.values(type.getFields()).flatMap(({ name, args }) => [
          name,
          ...args.map((argument) => argument.name),
        ]),
      ];
    });
}
