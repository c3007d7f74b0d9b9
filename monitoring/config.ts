import { z } from 'zod';
import { anchorConfig, anchorMaxAgeConfig } from './anchor-config.js';
import { identityConfig } from './identity-config.js';
import { sinksConfig } from './sink-config.js';

/** Part `audit` of the configuration. */
export const auditConfig = z.strictObject({
  origin: z
    .string()
    .max(200)
    .regex(
      /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?(?:\/[A-Za-z0-9._~-]+)+$/,
      'must be a host with a path, without scheme, spaces and plus: log.example.kz/tereze',
    )
    .optional()
    .describe(
      'Name of the installation among transparency logs, such as `log.example.kz/tereze`: a URL without scheme. In receipts and checkpoints, log 3 is `log.example.kz/tereze/3`. Required outside the demo. It never changes.',
    ),
  key_file: z
    .string()
    .min(1)
    .optional()
    .describe(
      'File of the private Ed25519 keys (PEM, mode 0600) that sign checkpoints of the logs, the current one first. Without it, no checkpoints are signed.',
    ),
  anchor: anchorConfig,
  anchor_max_age: anchorMaxAgeConfig,
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
  retention_months: z
    .int()
    .min(12)
    .max(1_200)
    .default(60)
    .describe(
      'Months for which entries stay in the database at least. `tereze audit archive` archives none that are younger.',
    ),
  compare_every_h: z
    .int()
    .min(1)
    .max(20)
    .default(6)
    .describe(
      'Hours after which every row of the log is compared with its bytes again. A round takes half of them at most.',
    ),
  search_ms: z
    .int()
    .min(100)
    .max(60_000)
    .default(4_000)
    .describe(
      'Time after which a search of the log returns what it has found, and says that it is not complete, in milliseconds.',
    ),
  identity: identityConfig
    .optional()
    .describe(
      'How the numbers of people in entries are sealed: to `recipients`, whose private keys are not in the gateway. `none`: not at all, so that no one can ever say from the log whose data was seen. Production says one of both.',
    ),
  sinks: sinksConfig,
  detection: z
    .strictObject({
      rules: z
        .string()
        .min(1)
        .default('monitoring/detection')
        .describe('Folder of the detection rules, a file `<rule>.yaml` each. Default: those that ship with Tereze.'),
    })
    .default({ rules: 'monitoring/detection' })
    .describe('Alerts about unusual use. They are entries of the log and refuse nothing.'),
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
