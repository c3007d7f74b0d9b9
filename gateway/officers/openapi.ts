import { z } from 'zod';
import { ERROR_CATALOGUE, type ErrorCode } from '../../schemas/errors.js';
import type { OfficerRoute } from './routes/route.js';

/** Path below which the officers' interface is. */
export const OFFICERS_PATH = '/audit/v1';
/** Path of the description itself, which needs no token. */
export const OPENAPI_PATH = `${OFFICERS_PATH}/openapi.json`;

/** Codes with which any route may refuse. */
const CODES: readonly ErrorCode[] = [
  ...(['AUDIT_REQUEST_INVALID', 'UNAUTHENTICATED', 'INVALID_DPOP_PROOF', 'OFFICER_NOT_REGISTERED'] as const),
  ...(['ROLE_REQUIRED', 'APPROVAL_REQUIRED', 'APPROVAL_INVALID', 'NOT_FOUND', 'METHOD_NOT_ALLOWED'] as const),
  ...(['SEARCH_BUDGET_SPENT', 'AUDIT_UNREADABLE', 'AUDIT_UNAVAILABLE', 'ISSUER_UNAVAILABLE', 'OVERLOADED'] as const),
];

const ERROR = {
  type: 'object',
  required: ['errors'],
  properties: {
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['message', 'extensions'],
        properties: {
          message: { type: 'string', description: 'In the language that Accept-Language asks for.' },
          extensions: {
            type: 'object',
            required: ['code', 'requestId', 'whoMustAct', 'retryable', 'reasons'],
            properties: {
              code: { type: 'string', description: 'One of docs/errors.md.' },
              requestId: { type: 'string' },
              whoMustAct: { type: 'string' },
              retryable: { type: 'boolean' },
              reasons: { type: 'array', items: { type: 'string' } },
              endsAt: { type: 'string', format: 'date-time' },
            },
          },
        },
      },
    },
  },
} as const;

/** Returns the description of these routes: OpenAPI 3.1, made from the shapes by which they check what they take. */
export function openApiDocument(routes: readonly OfficerRoute[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const one of routes) paths[one.path] = { ...paths[one.path], [one.method.toLowerCase()]: operationOf(one) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tereze: the audit log for officers',
      version: '1',
      description:
        'Every request but this description is an entry of the log before it is answered. No address holds the number of a person.',
    },
    paths,
    security: [{ officer: [] }],
    components: {
      securitySchemes: {
        officer: {
          type: 'http',
          scheme: 'DPoP',
          description: 'Access token of an officer (RFC 9068), bound by a DPoP proof (RFC 9449).',
        },
      },
      schemas: { Error: ERROR },
      responses: Object.fromEntries(
        statuses().map((status) => [
          `Refused${status}`,
          {
            description: CODES.filter((code) => ERROR_CATALOGUE[code].status === status).join(', '),
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
          },
        ]),
      ),
    },
  };
}

function operationOf({ roles, status, summary, shape, method, path }: OfficerRoute): object {
  return {
    operationId: `${method.toLowerCase()}${path.replace(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase()).replace(/\W/g, '')}`,
    summary,
    description: `Needs the role ${roles.map((role) => `\`${role}\``).join(' or ')}.`,
    parameters: [...parametersOf(shape.path, 'path'), ...parametersOf(shape.query, 'query')],
    ...(shape.body === undefined
      ? {}
      : {
          requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(shape.body, 'input') } } },
        }),
    responses: {
      [status]: {
        description: 'What was asked for. It is never cached.',
        content: Object.fromEntries(shape.media.map((type) => [type, { schema: jsonSchema(shape.answer, 'output') }])),
      },
      ...Object.fromEntries(statuses().map((code) => [code, { $ref: `#/components/responses/Refused${code}` }])),
    },
  };
}

function statuses(): readonly number[] {
  return [...new Set(CODES.map((code) => ERROR_CATALOGUE[code].status))].sort();
}

function parametersOf(shape: z.ZodType, place: 'path' | 'query'): readonly object[] {
  const { properties = {}, required = [] } = jsonSchema(shape, 'input');
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema,
  }));
}

function jsonSchema(shape: z.ZodType, io: 'input' | 'output'): z.core.JSONSchema.BaseSchema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(shape, { io });
  void _dialect;
  return schema;
}
