import type { RegisterFailureKind } from '../port.js';

/** Whose fault an error on X-Road is: ours, our security server's, the provider's side, or not to be told. */
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

/** What an `X-Road-Error` header says (PR-REST sections 4.3 and 4.6); its text is told to nobody. */
export function classifyError(header: string): XroadError {
  const fault = FAULTS.find(([form]) => form.test(header))?.[1] ?? 'unknown';
  if (fault === 'unknown') return { fault, kind: 'malformed' };
  if (/\.NetworkError$/.test(header)) return { fault, kind: 'transport' };
  return { fault, kind: /\.AccessDenied$/.test(header) ? 'denied' : 'failed' };
}
