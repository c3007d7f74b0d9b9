import { readFileSync } from 'node:fs';
import type { Clock } from '../../schemas/ports/clock.js';
import type { HttpClient } from '../../schemas/ports/http-client.js';
import type { ProtectionConfig } from '../config.js';
import { createHttpProtection, NOTHING_PROTECTED, type HttpProtection } from './http-protection.js';

/** Returns the list that the configuration names. Without one, no person is protected. Throws if its token cannot be read or is empty. */
export function openProtection(
  config: ProtectionConfig | undefined,
  { clock, http }: { readonly clock: Clock; readonly http: HttpClient },
): HttpProtection {
  if (config === undefined) return { amongThem: async () => NOTHING_PROTECTED, close: () => undefined };
  const { url, token_file: file, timeout_ms: timeoutMs, max_response_bytes: maxResponseBytes } = config;
  const token = readFileSync(file, 'utf8').trim();
  if (token === '') throw new Error(`the token file of the list of protected people is empty: ${file}`);
  return createHttpProtection({ url, token, http, clock, timeoutMs, maxResponseBytes });
}
