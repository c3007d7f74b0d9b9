import {
  GraphQLError,
  Kind,
  parse,
  print,
  visit,
  type DocumentNode,
  type FieldNode,
  type OperationDefinitionNode,
} from 'graphql';

/** The field in a template that stands for what is selected: `person(id: $id) { select }`. */
const SELECT = 'select';

/** A query of `source.yaml` in which what is selected may be filled. */
export interface QueryTemplate {
  /** Response keys of its root fields. */
  readonly roots: readonly string[];
  /** Names of its variables. */
  readonly variables: ReadonlySet<string>;
  /** Whether it says `{ select }`. Otherwise it is always the same. */
  readonly selects: boolean;
  /** Returns the document with these selections in the place of `select`. */
  fill(selections: readonly string[]): string;
}

/** A text is no query, or one that changes data. The message says what is wrong, with line and column. */
export class QueryInvalid extends Error {}

/** Compiles a query. `select` without alias and arguments stands for the selection. Throws {@link QueryInvalid}. */
export function compileQuery(text: string): QueryTemplate {
  const document = parsed(text);
  const [operation, ...others] = document.definitions.filter(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  );
  if (operation === undefined || others.length > 0) throw new QueryInvalid('must hold one operation');
  if (operation.operation !== 'query')
    throw new QueryInvalid(`is a ${operation.operation}: registers are read, and only a query reads`);
  const parts = print(marked(document)).split(MARK);
  return {
    roots: operation.selectionSet.selections.flatMap((node) =>
      node.kind === Kind.FIELD ? [(node.alias ?? node.name).value] : [],
    ),
    variables: new Set((operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value)),
    selects: parts.length > 1,
    fill: (selections) => parts.join(selections.join(' ')),
  };
}

function parsed(text: string): DocumentNode {
  try {
    return parse(text, { noLocation: false, maxTokens: 5_000 });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const [at] = error.locations ?? [];
    throw new QueryInvalid(`is no GraphQL: ${error.message}${at === undefined ? '' : ` (${at.line}:${at.column})`}`);
  }
}

/** No document holds it by itself: no name of GraphQL begins with three of these. */
const MARK = '___select___';

function marked(document: DocumentNode): DocumentNode {
  return visit(document, {
    Field: (node): FieldNode | undefined => {
      const isPlain = node.alias === undefined && node.arguments?.length === 0 && node.selectionSet === undefined;
      if (node.name.value !== SELECT || !isPlain || node.directives?.length !== 0) return undefined;
      return { ...node, name: { kind: Kind.NAME, value: MARK } };
    },
  });
}
