import { z } from 'zod';

/** Part `audit` of the configuration. */
export const auditConfig = z.strictObject({
  logs: z.int().min(1).max(256).default(16).describe('Logs in the pool: replicas that can write at once.'),
  lease_ms: z
    .int()
    .min(1_000)
    .max(600_000)
    .default(15_000)
    .describe('After this time without a sign of life a replica’s log may be taken over, in milliseconds.'),
  queue: z
    .int()
    .min(1)
    .max(100_000)
    .default(4_096)
    .describe('Entries that may wait for their commit; further ones are refused with AUDIT_UNAVAILABLE.'),
  batch: z.int().min(1).max(1_000).default(200).describe('Entries committed together at most.'),
  commit_ms: z
    .int()
    .min(10)
    .max(60_000)
    .default(2_000)
    .describe('Time in which an entry must be durable; after it the answer is AUDIT_UNAVAILABLE, in milliseconds.'),
});

/** Part `telemetry` of the configuration. */
export const telemetryConfig = z.strictObject({
  log_level: z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('Least level of a log line that is written.'),
});
