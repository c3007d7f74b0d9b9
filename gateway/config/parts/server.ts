import { z } from 'zod';

const port = z.int().min(0).max(65_535);

const serverLimitsConfig = z.strictObject({
  body_bytes: z.int().min(1_024).max(10_000_000).default(65_536).describe('The longest request body, in bytes.'),
  body_depth: z.int().min(2).max(100).default(20).describe('How deep the JSON of a body may nest.'),
  header_bytes: z.int().min(1_024).max(65_536).default(16_384).describe('All headers of a request together, in bytes.'),
  headers_ms: z
    .int()
    .min(100)
    .max(120_000)
    .default(5_000)
    .describe('Time in which a request’s headers must arrive, in milliseconds.'),
  request_ms: z
    .int()
    .min(100)
    .max(300_000)
    .default(10_000)
    .describe('Time in which a whole request must arrive, in milliseconds.'),
  keep_alive_ms: z
    .int()
    .min(0)
    .max(600_000)
    .default(5_000)
    .describe('How long an idle connection is kept, in milliseconds.'),
  connections: z.int().min(1).default(2_000).describe('Open connections at most; further ones are closed at once.'),
  max_in_flight: z
    .int()
    .min(1)
    .default(256)
    .describe('Requests worked on at once; further ones are refused with OVERLOADED.'),
  drain_ms: z
    .int()
    .min(0)
    .max(600_000)
    .default(15_000)
    .describe('How long requests in flight may take to end when the gateway is told to, in milliseconds.'),
});

const operationsConfig = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('Address on which metrics and health are served.'),
  port: port.default(4_001).describe('Port of metrics and health; 0: any free one.'),
});

/** Part `server`: where the gateway listens, and what it takes from the wire. */
export const serverConfig = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('Address on which callers are served.'),
  port: port
    .default(4_000)
    .describe(
      'Port on which callers are served; 0: any free one. PORT in the environment is taken where the file is silent.',
    ),
  public_url: z
    .url({ protocol: /^https?$/ })
    .refine(isOrigin, 'must be an origin: scheme, host and port, without path, query or user')
    .describe('Origin under which callers reach the gateway: DPoP proofs must name it. Never taken from a header.'),
  workers: z
    .int()
    .min(1)
    .max(256)
    .default(1)
    .describe(
      'Processes that share the callers’ address; more than one needs a PostgreSQL of the installation’s own. Limits count for each.',
    ),
  operations: operationsConfig
    .default(() => operationsConfig.parse({}))
    .describe('Second address, for metrics and health; loopback unless said otherwise.'),
  limits: serverLimitsConfig
    .default(() => serverLimitsConfig.parse({}))
    .describe('Limits on requests, before anything is known of the caller.'),
});

export type ServerConfig = z.output<typeof serverConfig>;

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { origin, href } = new URL(text);
  return href === `${origin}/`;
}
