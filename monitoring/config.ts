import { z } from 'zod';

/** Part `audit` of the configuration. */
export const auditConfig = z.strictObject({
  commit_ms: z.int().min(10).max(60_000).default(5_000).describe('Time in which an entry must be durable; after it the answer is AUDIT_UNAVAILABLE, in milliseconds.'),
});

/** Part `telemetry` of the configuration. */
export const telemetryConfig = z.strictObject({
  log_level: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('Least level of a log line that is written.'),
});

export type AuditConfig = z.output<typeof auditConfig>;
export type TelemetryConfig = z.output<typeof telemetryConfig>;
