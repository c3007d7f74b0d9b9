import { GraphQLError, parse, specifiedRules, validate, type GraphQLSchema } from 'graphql';
import type { Refusal } from '../../../schemas/refusal.js';

/** Rules whose messages quote names only, never a value that the document has written out. */
const QUOTES_NAMES_ONLY: ReadonlySet<string> = new Set([
  'FieldsOnCorrectType',
  'FragmentsOnCompositeTypes',
  'KnownArgumentNames',
  'KnownDirectives',
  'KnownFragmentNames',
  'KnownTypeNames',
  'NoUndefinedVariables',
  'NoUnusedFragments',
  'NoUnusedVariables',
  'PossibleFragmentSpreads',
  'ProvidedRequiredArguments',
  'ScalarLeafs',
  'UniqueFragmentNames',
  'VariablesInAllowedPosition',
]);

/**
 * Where in a document a refusal has its cause, for its author: `line:column`, with what is wrong
 * unless that would repeat a value, which may be someone's number. Empty when that is not known.
 */
export function explainRefusal(
  { code, reasons: [reason] }: Refusal,
  text: string,
  schema: GraphQLSchema,
): readonly string[] {
  if (code === 'GRAPHQL_PARSE_FAILED') return syntaxError(text);
  const rule =
    code === 'GRAPHQL_VALIDATION_FAILED'
      ? specifiedRules.find(({ name }) => name === `${reason ?? ''}Rule`)
      : undefined;
  if (rule === undefined) return [];
  return validate(schema, parse(text), [rule]).flatMap((error) =>
    placesOf(error).map((place) => (QUOTES_NAMES_ONLY.has(reason ?? '') ? `${place}: ${error.message}` : place)),
  );
}

function syntaxError(text: string): readonly string[] {
  try {
    parse(text);
    return [];
  } catch (error) {
    return error instanceof GraphQLError ? placesOf(error) : [];
  }
}

function placesOf({ locations }: GraphQLError): readonly string[] {
  return (locations ?? []).slice(0, 1).map(({ line, column }) => `${line}:${column}`);
}
