import { readFileSync } from 'node:fs';
import type { Clock } from '../../schemas/ports/clock.js';
import type { ProtectionConfig } from '../config.js';
import { createHttpProtection, type HttpProtection } from './http-protection.js';

/** Opens the list of protected people that the configuration names. Without one, no one is protected. Throws when its token cannot be read or is empty. */
export function openProtection(config: ProtectionConfig | undefined, clock: Clock): HttpProtection {
  if (config === undefined) return { amongThem: async () => new Set(), close: () => undefined };
  const { url, token_file: file, timeout_ms: timeoutMs, max_response_bytes: maxResponseBytes } = config;
  const token = readFileSync(file, 'utf8').trim();
  if (token === '') throw new Error(`the token file of the list of protected people is empty: ${file}`);
  return createHttpProtection({ url, token, clock, timeoutMs, maxResponseBytes });
}
