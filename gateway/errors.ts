import type { GraphQLFormattedError } from 'graphql';
import { ERROR_CATALOGUE, type ErrorCode } from '../schemas/errors.js';
import { Refusal } from '../schemas/refusal.js';
import type { Language } from '../schemas/language.js';

/** How every error looks to a caller, whether a refusal of the whole or a field's. */
export interface ErrorDetail {
  readonly requestId: string;
  /** Of the text; English when not given. */
  readonly language?: Language;
  readonly path?: readonly (string | number)[];
  readonly reasons?: readonly string[];
  /** Paths that the client wrote, dotted; for refusals of the whole. */
  readonly paths?: readonly string[];
  readonly serviceName?: string;
  readonly consentRequest?: string;
}

/** The form of an error: text from the catalogue, code and who must act in `extensions` (GraphQL spec, section 7.1.2). */
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
    },
  };
}

/** A refusal of the whole request as one error without a path. */
export function formatRefusal(refusal: Refusal, requestId: string, language: Language = 'en'): GraphQLFormattedError {
  return formatError(refusal.code, {
    requestId,
    language,
    reasons: refusal.reasons,
    paths: refusal.paths.map((path) => path.join('.')),
  });
}

/** Whatever was thrown, as a refusal; what is not one already is the gateway's own fault and says nothing. */
export function asRefusal(thrown: unknown): Refusal {
  return thrown instanceof Refusal ? thrown : new Refusal('INTERNAL_SERVER_ERROR', { cause: thrown });
}
