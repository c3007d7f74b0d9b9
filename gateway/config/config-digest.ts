import { createHash } from 'node:crypto';
import { canonicalBytes } from '../../monitoring/audit/canonical.js';
import { maskedConfig } from './print-config.js';
import type { Config } from './schema.js';

/**
 * Returns `sha256:` and the SHA-256 (hex) of the RFC 8785 form of the complete configuration as `tereze config print --json` shows it:
 * defaults included, paths absolute, secrets masked. Two replicas with one digest run with the same settings.
 */
export function configDigest(config: Config): string {
  return `sha256:${createHash('sha256')
    .update(canonicalBytes(maskedConfig(config)))
    .digest('hex')}`;
}
