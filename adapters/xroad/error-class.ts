import type { RegisterFailureKind } from '../port.js';

/** Where an error on X-Road comes from: from us, our security server, the provider's side, or unknown. */
export type XroadFault = 'client' | 'client_proxy' | 'server_proxy' | 'unknown';

export interface XroadError {
  readonly fault: XroadFault;
  readonly kind: RegisterFailureKind;
}

const FAULTS: readonly (readonly [RegExp, XroadFault])[] = [
  [/^Client(\.|$)/, 'client'],
  [/^Server\.ClientProxy(\.|$)/, 'client_proxy'],
  [/^Server\.ServerProxy(\.|$)/, 'server_proxy'],
];

/** Returns the class of an `X-Road-Error` header (PR-REST, sections 4.3 and 4.6). Its text is not handed on. */
export function classifyError(header: string): XroadError {
  const fault = FAULTS.find(([form]) => form.test(header))?.[1] ?? 'unknown';
  if (fault === 'unknown') return { fault, kind: 'malformed' };
  if (/\.NetworkError$/.test(header)) return { fault, kind: 'transport' };
  return { fault, kind: /\.AccessDenied$/.test(header) ? 'denied' : 'failed' };
}
