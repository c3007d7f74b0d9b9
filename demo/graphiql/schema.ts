import { join } from 'node:path';
import { execute, Kind, parse, validate, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { composeCatalogue } from '../../schemas/catalogue/compose.js';
import { buildPublicSchema } from '../../schemas/catalogue/public-schema.js';
import { loadRegisters } from '../../schemas/catalogue/register-schema.js';

/** Answers what asks for the schema only; undefined for every other question. */
export type Introspection = (query: string) => ExecutionResult | undefined;

/** The gateway tells no one its schema. In the demo it is no secret: it is made from the registers' own, as the gateway makes it. */
export function introspectionOf(root: string): Introspection {
  let made: GraphQLSchema | undefined;
  return (query) => {
    const document = parsed(query);
    if (document === undefined || !asksForSchemaOnly(document)) return undefined;
    // At the first question: composing takes a while, and most who start the demo open no browser.
    const schema = (made ??= publicSchema(root));
    if (validate(schema, document).length > 0) return undefined;
    // Nothing is resolved but the schema itself, which takes no time.
    return execute({ schema, document }) as ExecutionResult;
  };
}

function publicSchema(root: string): GraphQLSchema {
  return buildPublicSchema(composeCatalogue(loadRegisters(join(root, 'schemas', 'registers'))).publicSdl);
}

function parsed(query: string): DocumentNode | undefined {
  try {
    return parse(query);
  } catch {
    return undefined;
  }
}

function asksForSchemaOnly({ definitions }: DocumentNode): boolean {
  const operations = definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const fields = operations.flatMap(({ selectionSet }) => selectionSet.selections);
  return (
    fields.length > 0 &&
    fields.every(
      (field) => field.kind === Kind.FIELD && (field.name.value === '__schema' || field.name.value === '__type'),
    )
  );
}
