import type { IncomingMessage } from 'node:http';
import type { ReceivedHttp } from '../request.js';
import { preferredLanguage } from './language.js';

/**
 * What the pipeline is told of a request's head. Headers that count for authentication come with
 * every repetition; the path is the request line's, which DPoP proofs must name.
 */
export function readHead(
  request: IncomingMessage & { readonly originalUrl?: string },
  parameters: ReceivedHttp['parameters'] = {},
): ReceivedHttp {
  const { headersDistinct: headers, method = '' } = request;
  return {
    method,
    path: pathOf(request.originalUrl ?? request.url ?? ''),
    parameters,
    authorization: headers['authorization'] ?? [],
    dpop: headers['dpop'] ?? [],
    purpose: headers['tereze-purpose']?.join(', '),
    case: headers['tereze-case']?.join(', '),
    language: preferredLanguage(request.headers['accept-language']),
  };
}

function pathOf(target: string): string {
  return target.split('?', 1)[0] ?? '';
}
