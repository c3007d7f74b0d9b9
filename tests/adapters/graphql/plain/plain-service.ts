import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { buildSchema, execute, parse, validate, type ExecutionResult } from 'graphql';
import { packageRoot } from '../../../../gateway/state/package-root.js';

/** A request that the service got. */
export interface Asked {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface PlainService {
  readonly url: string;
  readonly asked: Asked[];
  /** Answers the next requests instead of the service. */
  instead: ((asked: Asked) => string | undefined) | undefined;
  close(): Promise<void>;
}

export const SCHEMA = readFileSync(
  join(packageRoot(), 'tests', 'conformance', 'vendor', 'graphql', 'plain-service.graphql'),
  'utf8',
);

const PEOPLE: Readonly<Record<string, object>> = {
  '010203590013': {
    __typename: 'Person',
    ...{ nationalId: '010203590013', family_name: 'Тестов', givenName: 'Проба', born: '2001-02-03' },
    ...{ status: 'ALIVE', balance: 12345678.25, address: { line1: 'ул. Пробная, 1', postCode: '010000' } },
  },
  '930122390012': { __typename: 'Person', nationalId: '930122390012', status: 'UNKNOWN_TO_US' },
};

const COMPANIES = Array.from({ length: 45 }, (_, place) => ({ bin: 100 + place, name: `Co ${place}`, share: 0.5 }));

const ROOT = {
  person: ({ nationalId }: { nationalId: string }) =>
    PEOPLE[nationalId] ?? { __typename: 'NotFound', reason: 'no such number' },
  persons: ({ nationalIds }: { nationalIds: readonly string[] }) => nationalIds.map((id) => PEOPLE[id] ?? null),
  companiesOf: ({ first, after }: { first: number; after?: string | null }) => {
    const start = after ? Number(after) + 1 : 0;
    const page = COMPANIES.slice(start, start + first);
    return {
      edges: page.map((node, place) => ({ node, cursor: String(start + place) })),
      // As connections are: the cursor of the last item is there on the last page, too.
      pageInfo: { hasNextPage: start + first < COMPANIES.length, endCursor: String(start + page.length - 1) },
    };
  },
};

/** Starts a service of `plain-service.graphql` on loopback, which validates what it is asked. */
export async function startPlainService(): Promise<PlainService> {
  const schema = buildSchema(SCHEMA);
  const service: { instead: PlainService['instead']; asked: Asked[] } = { instead: undefined, asked: [] };
  const answer = async ({ query, variables }: Asked): Promise<ExecutionResult> => {
    const document = parse(query);
    const errors = validate(schema, document);
    if (errors.length > 0) return { errors };
    return execute({ schema, document, rootValue: ROOT, variableValues: variables });
  };
  const server = createServer((request, response) => {
    void text(request).then(async (body) => {
      const one = JSON.parse(body) as Asked;
      service.asked.push(one);
      const written = service.instead?.(one) ?? JSON.stringify(await answer(one));
      response.writeHead(200, { 'content-type': 'application/graphql-response+json; charset=utf-8' }).end(written);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(service, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}
