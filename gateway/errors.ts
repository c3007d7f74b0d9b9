import type { GraphQLFormattedError } from 'graphql';
import { ERROR_CATALOGUE, type ErrorCode } from '../schemas/errors.js';
import { Refusal } from '../schemas/refusal.js';
import type { Language } from '../schemas/language.js';

/** Details of an error: of a refused request, or of one field. */
export interface ErrorDetail {
  readonly requestId: string;
  /** Language of the text; English if not given. */
  readonly language?: Language;
  readonly path?: readonly (string | number)[];
  readonly reasons?: readonly string[];
  /** Paths that the client wrote, dotted; for refused requests. */
  readonly paths?: readonly string[];
  readonly serviceName?: string;
  readonly consentRequest?: string;
  /** When the register may be asked again, RFC 3339 in UTC. */
  readonly retryAt?: string;
  /** When what refused ends, ISO 8601 in UTC. */
  readonly endsAt?: string | undefined;
}

/**
 * Returns an error in the form that callers see: text from the catalogue, code and who must act in
 * `extensions` (GraphQL spec, section 7.1.2).
 */
export function formatError(code: ErrorCode, detail: ErrorDetail): GraphQLFormattedError {
  const { actor, retryable, text } = ERROR_CATALOGUE[code];
  return {
    message: text[detail.language ?? 'en'],
    ...(detail.path ? { path: detail.path } : {}),
    extensions: {
      code,
      requestId: detail.requestId,
      whoMustAct: actor,
      retryable,
      reasons: detail.reasons ?? [],
      docs: `docs/errors.md#${code.toLowerCase()}`,
      ...(detail.paths && detail.paths.length > 0 ? { paths: detail.paths } : {}),
      ...(detail.serviceName ? { serviceName: detail.serviceName } : {}),
      ...(detail.consentRequest ? { consentRequest: detail.consentRequest } : {}),
      ...(detail.retryAt ? { retryAt: detail.retryAt } : {}),
      ...(detail.endsAt ? { endsAt: detail.endsAt } : {}),
    },
  };
}

/** Returns the refusal of a whole request as one error without a path. */
export function formatRefusal(refusal: Refusal, requestId: string, language: Language = 'en'): GraphQLFormattedError {
  return formatError(refusal.code, {
    requestId,
    language,
    reasons: refusal.reasons,
    paths: refusal.paths.map((path) => path.join('.')),
    endsAt: refusal.endsAt,
  });
}

/**
 * Returns what was thrown as a refusal. An error that is not a refusal is the gateway's own fault,
 * and its text stays inside.
 */
export function asRefusal(thrown: unknown): Refusal {
  return thrown instanceof Refusal ? thrown : new Refusal('INTERNAL_SERVER_ERROR', { cause: thrown });
}
