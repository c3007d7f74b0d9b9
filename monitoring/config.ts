import { z } from 'zod';

/** Part `audit` of the configuration. */
export const auditConfig = z.strictObject({
  logs: z
    .int()
    .min(1)
    .max(256)
    .default(16)
    .describe('Number of logs in the pool, that is, of replicas that can write at the same time.'),
  lease_ms: z
    .int()
    .min(1_000)
    .max(600_000)
    .default(15_000)
    .describe('If a replica does not renew its lease for this time, another may take over its log. In milliseconds.'),
  queue: z
    .int()
    .min(1)
    .max(100_000)
    .default(4_096)
    .describe('Maximum of entries that wait for their commit. Further requests are refused with AUDIT_UNAVAILABLE.'),
  batch: z.int().min(1).max(1_000).default(200).describe('Maximum of entries in one commit.'),
  commit_ms: z
    .int()
    .min(10)
    .max(60_000)
    .default(2_000)
    .describe(
      'Time in which an entry must be durable, in milliseconds. After it, the request is refused with AUDIT_UNAVAILABLE.',
    ),
  durability: z
    .enum(['replicated', 'single_node'])
    .default('replicated')
    .describe(
      'In production, `replicated` demands a synchronous standby of the state database. `single_node` accepts that a lost server loses entries, and every receipt says so.',
    ),
});

/** Part `telemetry` of the configuration. */
export const telemetryConfig = z.strictObject({
  log_level: z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('Lowest level of the log lines that are written.'),
});
