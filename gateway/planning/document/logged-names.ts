import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { consistsOf, schemaWords } from '../../../schemas/caller-texts/schema-words.js';
import { textFault } from '../../../schemas/caller-texts/text-fault.js';

/** The names in a document that a client may have chosen freely, as the log has them. */
export interface LoggedNames {
  /** Null if the operation has no name or its name is left out. */
  readonly operation: string | null;
  /** By the name in the document. A name that is left out is `variable`. */
  readonly variables: ReadonlyMap<string, string>;
}

/** Characters of a name that the log keeps; more would let a caller fill an entry with one name. */
export const MAX_NAME = 100;

/** Stands for the name of a variable that is left out. */
export const LEFT_OUT = 'variable';

/**
 * Returns what finds the logged names of an operation. The names of a trusted document are kept: an
 * owner wrote them. Of any other text a name is kept only if it consists of words of the schema, because
 * names of people stand in names, too.
 */
export function loggedNamesOf(
  schema: GraphQLSchema,
): (operation: OperationDefinitionNode, isTrusted: boolean) => LoggedNames {
  const words = schemaWords(schema);
  return ({ name, variableDefinitions = [] }, isTrusted) => {
    const isKept = (text: string): boolean =>
      text.length <= MAX_NAME && textFault(text) === undefined && (isTrusted || consistsOf(text, words));
    return {
      operation: name !== undefined && isKept(name.value) ? name.value : null,
      variables: new Map(
        variableDefinitions.map(({ variable }) => {
          const written = variable.name.value;
          return [written, isKept(written) ? written : LEFT_OUT] as const;
        }),
      ),
    };
  };
}
