import { execute, GraphQLError, parse, validate, type DocumentNode, type GraphQLSchema } from 'graphql';
import type { AddressRecord } from '../../country/model.js';
import { json, parseObject, type HttpRegister } from '../http-register.js';
import type { Meter } from '../meter.js';
import { carries } from '../secret.js';
import { addressSubgraph } from './subgraph.js';

const MAX_DOCUMENTS = 200;

/** The address register: a federated GraphQL service at `POST /graphql`, asked through `_entities`. */
export function addressRegister(records: readonly AddressRecord[], token: string, meter: Meter): HttpRegister {
  const schema = addressSubgraph(records);
  const documents = new Documents(schema);
  return async ({ method, path, headers, body }) => {
    if (!carries(headers.authorization, `Bearer ${token}`)) return json(401, { errors: [{ message: 'unauthorized' }] });
    if (method !== 'POST' || path !== '/graphql') return json(404, { errors: [{ message: 'not found' }] });
    const { query, variables, operationName } = parseObject(body) ?? {};
    const variableValues = asObject(variables);
    meter.count('graphql', subjectsOf(variableValues));
    if (typeof query !== 'string') return json(400, { errors: [{ message: 'a query is missing' }] });
    const document = documents.get(query);
    if (!('kind' in document)) return json(400, { errors: document.errors });
    const operation = typeof operationName === 'string' ? { operationName } : {};
    return json(200, await execute({ schema, document, variableValues, ...operation }));
  };
}

interface InvalidDocument {
  readonly errors: readonly GraphQLError[];
}

/** Parsed and validated documents, the most recent ones kept. */
class Documents {
  readonly #schema: GraphQLSchema;
  readonly #known = new Map<string, DocumentNode>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  get(text: string): DocumentNode | InvalidDocument {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    try {
      const document = parse(text);
      const errors = validate(this.#schema, document);
      if (errors.length > 0) return { errors };
      if (this.#known.size >= MAX_DOCUMENTS) this.#known.clear();
      this.#known.set(text, document);
      return document;
    } catch (error) {
      if (error instanceof GraphQLError) return { errors: [error] };
      throw error;
    }
  }
}

/** Persons in the representations of an `_entities` query, in all its variables. */
function subjectsOf(variables: Readonly<Record<string, unknown>>): string[] {
  return Object.values(variables)
    .flat()
    .flatMap((value) => {
      const iin = asObject(value)['iin'];
      return typeof iin === 'string' ? [iin] : [];
    });
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
