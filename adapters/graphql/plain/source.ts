import { z } from 'zod';
import { callIdSource } from '../../call-id.js';
import { stepsOf, type Path } from '../../mapping/path.js';
import { operationSource, type OperationSource } from '../../rest/operation-source.js';
import { checkOperations, restRecords, type RestSource } from '../../rest/source.js';
import type { RecordsPlace } from './spoiled-values.js';
import { compileQuery, QueryInvalid, type QueryTemplate } from './document.js';

const { answer, batch } = operationSource.shape;
const variable = operationSource.shape.request.shape.body.unwrap();

const path = operationSource.shape.answer.unwrap().shape.items.unwrap();

/** How a list goes on: the connection of Relay, or any other cursor. */
const page = z.strictObject({
  next: path.describe('Where the cursor of the next page is, below `data`: `[companies, pageInfo, endCursor]`.'),
  more: path.optional().describe('Where it says whether there is another page: `[companies, pageInfo, hasNextPage]`.'),
  size: z.int().min(1).optional().describe('Greatest number of items in a page: `{page.size}` in `variables`.'),
  max: z.int().min(1).max(10_000).default(100).describe('Greatest number of pages. A longer list is a failure.'),
});

/** One query to a service that knows nothing of federation. */
export const graphqlOperation = z
  .strictObject({
    document: z
      .string()
      .describe('The query. `{ select }` in it stands for what is selected: `person(id: $id) { select }`.'),
    variables: z
      .record(z.string(), variable)
      .default({})
      .describe('Its variables, as templates: `{ id: "{iin}", ids: "{iin[]}", after: "{page.cursor}" }`.'),
    answer: answer.describe('Paths begin below `data`. Without `record` and `items`: the only root field.'),
    batch,
    page: page.optional(),
  })
  .superRefine(({ document, variables }, context) => {
    try {
      const query = compileQuery(document);
      for (const name of Object.keys(variables))
        if (!query.variables.has(name))
          context.addIssue({ code: 'custom', message: `is no variable of the query`, path: ['variables', name] });
      for (const name of query.variables)
        if (!Object.hasOwn(variables, name))
          context.addIssue({
            code: 'custom',
            message: `lacks ${name}, a variable of the query: write ${name}: "{...}" with the key, argument or constant that it is, or remove it from the query`,
            path: ['variables'],
          });
    } catch (error) {
      if (!(error instanceof QueryInvalid)) throw error;
      context.addIssue({ code: 'custom', message: error.message, path: ['document'] });
    }
  });

export type GraphqlOperation = z.output<typeof graphqlOperation>;

/** `source.yaml` of a GraphQL service: a federated one needs no mapping, any other names its queries. */
export const graphqlSource = z
  .strictObject({
    protocol: z.literal('graphql'),
    ...callIdSource,
    constants: restRecords.shape.constants,
    operations: z
      .record(z.string(), graphqlOperation)
      .optional()
      .describe('The queries, by name, of a service without federation. A federated service needs none.'),
    roots: restRecords.shape.roots,
    types: restRecords.shape.types.optional(),
  })
  .superRefine(({ operations, roots, types }, context) => {
    if (operations !== undefined && types !== undefined) {
      checkOperations({ operations, roots, types, lists: {} }, context);
      return;
    }
    const missing = operations === undefined ? 'operations' : 'types';
    if (operations !== undefined || types !== undefined || Object.keys(roots).length > 0)
      context.addIssue({
        code: 'custom',
        message: `is missing: a service without federation needs it`,
        path: [missing],
      });
  });

export type GraphqlSource = z.output<typeof graphqlSource>;

/** A mapping of a service without federation. */
export interface PlainSource extends Omit<GraphqlSource, 'operations' | 'types'> {
  readonly operations: NonNullable<GraphqlSource['operations']>;
  readonly types: NonNullable<GraphqlSource['types']>;
}

export function isPlain(source: GraphqlSource): source is PlainSource {
  return source.operations !== undefined && source.types !== undefined;
}

/** A query, and what its answer says about pages. */
export interface PlainQuery {
  readonly query: QueryTemplate;
  readonly records: RecordsPlace;
  /** Where the answer says whether there is another page, and where the cursor is; from the answer itself. */
  readonly page: { readonly more: Path | undefined; readonly next: Path } | undefined;
}

export interface PlainMapping {
  /** The mapping as the one of a REST register: its requests name the query, its answers begin with `data`. */
  readonly rest: RestSource;
  readonly queries: ReadonlyMap<string, PlainQuery>;
}

/** Returns the mapping of a service without federation. Throws for an answer without a place. */
export function plainMapping({ operations, roots, types, constants, call_id: callId }: PlainSource): PlainMapping {
  const compiled = Object.entries(operations).map(([name, operation]) => {
    const query = compileQuery(operation.document);
    return { name, query, operation, rest: restOperation(name, operation, query) };
  });
  return {
    rest: {
      ...{ call_id: callId, constants, roots, types, lists: {} },
      operations: Object.fromEntries(compiled.map(({ name, rest }) => [name, rest])),
    },
    queries: new Map(
      compiled.map(({ name, query, rest, operation: { page: pages } }) => [
        name,
        {
          query,
          records: recordsPlace(rest),
          page: pages && { more: pages.more === undefined ? undefined : below(pages.more), next: below(pages.next) },
        },
      ]),
    ),
  };
}

function recordsPlace({ answer: { items, record = [] } }: OperationSource): RecordsPlace {
  const steps = (place: string | readonly (string | number)[]): Path =>
    stepsOf(typeof place === 'string' ? place : [...place]);
  return items === undefined ? steps(record) : [...steps(items), undefined, ...steps(record)];
}

function restOperation(name: string, operation: GraphqlOperation, query: QueryTemplate): OperationSource {
  const { variables, batch: many, page: pages } = operation;
  return {
    request: {
      ...{ method: 'POST', path: '/', query: {}, headers: {} },
      body: { query: name, ...(query.selects ? { select: '{select[]}' } : {}), variables },
    },
    answer: restAnswer(name, operation, query),
    batch: many,
    page: pages && { by: 'cursor', next: below(pages.next), size: pages.size, max: pages.max },
  };
}

function restAnswer(
  name: string,
  { batch: many, page: pages, answer: given }: GraphqlOperation,
  { roots }: QueryTemplate,
): OperationSource['answer'] {
  const [root, ...others] = roots;
  const only = root === undefined || others.length > 0 ? undefined : ['data', root];
  const isList = (many !== undefined && many.answer !== 'none') || pages !== undefined;
  const items = given.items === undefined ? (isList ? only : undefined) : below(given.items);
  const place = given.record === undefined ? only : below(given.record);
  const record = items === undefined ? place : given.record;
  if (items === undefined && record === undefined)
    throw new Error(`operation ${name} has several root fields: say with answer where the record is`);
  return { ...given, items, record, not_found: notFound(given.not_found) };
}

/** GraphQL says by null that there is none. */
function notFound(given: GraphqlOperation['answer']['not_found']): OperationSource['answer']['not_found'] {
  return {
    ...given,
    body: [...new Set([...(given?.body ?? []), 'null' as const])],
    code: given?.code && { ...given.code, at: below(given.code.at) },
  };
}

function below(given: string | readonly (string | number)[]): (string | number)[] {
  return ['data', ...stepsOf(typeof given === 'string' ? given : [...given])];
}
