import { z } from 'zod';
import { Refusal } from '../../../schemas/refusal.js';
import type { OfficerRole } from '../../config/parts/officers.js';
import type { Officer } from '../officer.js';

/** What a route answers with when it does not refuse. */
export interface RouteAnswer {
  readonly status: 200 | 201;
  readonly body: object;
}

/** What a request brings, unread. */
export interface RawInput {
  /** Parameters of the path. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** The JSON object of the body; undefined where the method has none. */
  readonly body: unknown;
}

/** The shape of what a request brings, as the route states it and the description shows it. */
export interface RouteShape {
  readonly path: z.ZodType<Readonly<Record<string, string>>>;
  readonly query: z.ZodType<object>;
  readonly body?: z.ZodType<object> | undefined;
  readonly answer: z.ZodType;
  /** Types in which it answers. */
  readonly media: readonly string[];
}

/** One address of the officers' interface with one method. The table of all of them is `all-routes.ts`. */
export interface OfficerRoute {
  readonly method: 'GET' | 'POST';
  /** Path with parameters in braces: `/audit/v1/requests/{request}`. */
  readonly path: string;
  /** Roles of which one must be had; without any it is refused. */
  readonly roles: readonly OfficerRole[];
  /** Status of an answer that is no refusal. */
  readonly status: RouteAnswer['status'];
  /** What it answers, in a sentence. */
  readonly summary: string;
  readonly shape: RouteShape;
  /**
   * Answers for an officer who has one of the roles, with an object or an `AnswerStream`.
   *
   * @throws Refusal `AUDIT_REQUEST_INVALID` for a request of another shape, and what the route refuses.
   */
  run(officer: Officer, input: RawInput): Promise<object>;
}

/**
 * Checks that an officer has one of the roles of a route.
 *
 * @throws Refusal `ROLE_REQUIRED`.
 */
export function assertRole({ roles }: Pick<OfficerRoute, 'roles'>, officer: Pick<Officer, 'roles'>): void {
  if (!roles.some((role) => officer.roles.has(role)))
    throw new Refusal('ROLE_REQUIRED', { reasons: roles.map((role) => `role_${role}`) });
}

interface RouteOptions<Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> extends Pick<
  OfficerRoute,
  'method' | 'path' | 'roles' | 'summary'
> {
  readonly status?: RouteAnswer['status'];
  readonly parameters: Path;
  readonly query: Query;
  readonly body?: Body;
  readonly answer: z.ZodType;
  /** Types of an answer that streams. Default: JSON. */
  readonly media?: readonly string[];
  readonly answers: (
    officer: Officer,
    input: { readonly path: z.output<Path>; readonly query: z.output<Query>; readonly body: z.output<Body> },
  ) => Promise<object>;
}

/** No parameters. A member that is not declared is refused. */
export const NONE = z.strictObject({});

/** Makes a route whose input is checked by its shape before it answers. */
export function route<
  Path extends z.ZodType<Readonly<Record<string, string>>>,
  Query extends z.ZodType<object>,
  Body extends z.ZodType<object>,
>({
  status = 200,
  parameters,
  query,
  body,
  answer,
  media = ['application/json'],
  answers,
  ...described
}: RouteOptions<Path, Query, Body>): OfficerRoute {
  return {
    ...described,
    status,
    shape: { path: parameters, query, body, answer, media },
    run: async (officer, raw) => {
      const checked = z
        .object({ path: parameters, query, body: body ?? z.undefined() })
        .safeParse(raw, { reportInput: false });
      if (!checked.success) throw new Refusal('AUDIT_REQUEST_INVALID', { reasons: reasonsOf(checked.error) });
      const { data } = checked;
      return answers(officer, data as Parameters<typeof answers>[1]);
    },
  };
}

/** Returns where the input is not as declared: `query.since`. Only names that a shape declares; a name that the client chose stays out. */
function reasonsOf({ issues }: z.ZodError): readonly string[] {
  return [
    ...new Set(
      issues.map(({ path, code }) =>
        [...path.map(String), ...(code === 'unrecognized_keys' ? ['unknown'] : [])].join('.'),
      ),
    ),
  ];
}
