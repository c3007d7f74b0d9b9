import type { FailureReason } from '../../schemas/failures/register-failure.js';

/** Where an error on X-Road comes from: from us, our security server, the provider's side, or unknown. */
export type XroadFault = 'client' | 'client_proxy' | 'server_proxy' | 'unknown';

export interface XroadError {
  readonly fault: XroadFault;
  readonly reason: FailureReason;
}

const FAULTS: readonly (readonly [RegExp, XroadFault])[] = [
  [/^Client(\.|$)/, 'client'],
  [/^Server\.ClientProxy(\.|$)/, 'client_proxy'],
  [/^Server\.ServerProxy(\.|$)/, 'server_proxy'],
];

/** Returns the class of an `X-Road-Error` header (PR-REST, sections 4.3 and 4.6). Its text is not handed on. */
export function classifyError(header: string): XroadError {
  const fault = FAULTS.find(([form]) => form.test(header))?.[1] ?? 'unknown';
  if (fault === 'unknown') return { fault, reason: 'xroad_header' };
  return { fault, reason: /\.AccessDenied$/.test(header) ? 'access_refused' : 'xroad_error' };
}
