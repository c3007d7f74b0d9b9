import { z } from 'zod';
import { parseNetwork } from '../network.js';

const port = z.int().min(0).max(65_535);

const serverLimitsConfig = z.strictObject({
  body_bytes: z.int().min(1_024).max(10_000_000).default(65_536).describe('Maximum size of a request body, in bytes.'),
  body_depth: z.int().min(2).max(100).default(20).describe('Maximum depth of the JSON of a body.'),
  header_bytes: z
    .int()
    .min(1_024)
    .max(65_536)
    .default(16_384)
    .describe('Maximum size of all headers of a request together, in bytes.'),
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
    .default(75_000)
    .describe(
      'How long an idle connection is kept, in milliseconds. Longer than a proxy keeps its own, so that it never sends into a closing one.',
    ),
  bytes_per_second: z
    .int()
    .min(1)
    .max(100_000)
    .default(500)
    .describe('Least rate at which headers and body must arrive, from their third second on.'),
  connections: z
    .int()
    .min(1)
    .default(4_000)
    .describe('Maximum of open connections. When it is reached, one that waits gives way to a new one.'),
  unauthenticated_connections: z
    .int()
    .min(1)
    .default(1_000)
    .describe(
      'Maximum of connections that are still sending and on which no token has been verified. The one that has waited longest gives way.',
    ),
  unauthenticated_connections_per_source: z
    .int()
    .min(1)
    .default(100)
    .describe('The same for one source: an IPv4 address or a /64 of IPv6. Named proxies have no such limit.'),
  unauthenticated_requests_per_second: z
    .int()
    .min(10)
    .max(1_000_000)
    .default(500)
    .describe(
      'Requests without a verified token that are refused in a second, and probes of liveness on the callers’ address; shared out by source. Further ones wait for their turn. Known callers never wait for them.',
    ),
  max_in_flight: z
    .int()
    .min(1)
    .default(256)
    .describe(
      'Maximum of requests of known callers that are worked on at once, shared out by caller. Further ones wait up to a second, and are then refused with OVERLOADED.',
    ),
  leave_ms: z
    .int()
    .min(0)
    .max(600_000)
    .default(5_000)
    .describe(
      'Time for which a stopping gateway still takes requests, so that a load balancer that probes readiness stops sending, in milliseconds. Without such probes it ends once all connections are closed.',
    ),
  drain_ms: z
    .int()
    .min(0)
    .max(600_000)
    .default(15_000)
    .describe('Time that requests in flight have to end when the gateway stops, in milliseconds.'),
});

const operationsConfig = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('Address on which metrics and health are served.'),
  port: port.default(4_001).describe('Port of metrics and health; 0: any free port.'),
});

const logServerConfig = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('Address on which the audit log is served.'),
  port: port.describe('Port of the audit log; 0: any free port.'),
  public_url: z
    .url({ protocol: /^https?$/ })
    .refine(isOrigin, 'must be an origin: scheme, host and port, without path, query or user')
    .optional()
    .describe(
      'Origin under which readers reach this address: the DPoP proofs of those who may see entries must name it. Without it, no one sees entries here.',
    ),
  directory: z
    .string()
    .min(1)
    .default('.tereze/log')
    .describe('Folder for copies of the log’s full tiles. They are made again if it is deleted.'),
});

/** Where the audit log is served. */
export type LogServerConfig = z.output<typeof logServerConfig>;

const pageConfig = z.strictObject({
  client_id: z
    .string()
    .min(1)
    .max(200)
    .describe(
      'The client of the page at the issuer; one of officers.clients. Its redirect URI is `<public_url>/sign-in/callback`.',
    ),
  issuer: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('The issuer at which officers sign in. Required if several issuers are trusted.'),
  client_key_file: z
    .string()
    .min(1)
    .optional()
    .describe(
      'File of the private key (PEM) with which the page authenticates itself at the issuer (private_key_jwt, ES256). Without it, it is a public client.',
    ),
});

const auditConfig = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('Address on which officers are served.'),
  port: port.default(4_002).describe('Port on which officers are served; 0: any free port.'),
  public_url: z
    .url({ protocol: /^https?$/ })
    .refine(isOrigin, 'must be an origin: scheme, host and port, without path, query or user')
    .describe('Origin under which officers reach this address: their DPoP proofs must name it.'),
  connections: z
    .int()
    .min(1)
    .max(100)
    .default(4)
    .describe('Connections to the database for officers, beside those for callers. As many searches run at once.'),
  page: pageConfig
    .optional()
    .describe(
      'The officers’ page, for browsers, on this address. Without it there is none. Sessions are in memory: needs `workers: 1`.',
    ),
});

/** Part `server`: where the gateway listens, and what it takes from the wire. */
export const serverConfig = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('Address on which callers are served.'),
  port: port
    .default(4_000)
    .describe(
      'Port on which callers are served; 0: any free port. If the file does not set it, PORT of the environment is used.',
    ),
  public_url: z
    .url({ protocol: /^https?$/ })
    .refine(isOrigin, 'must be an origin: scheme, host and port, without path, query or user')
    .describe('Origin under which callers reach the gateway: DPoP proofs must name it. Never taken from a header.'),
  proxies: z
    .array(
      z
        .string()
        .refine((text) => parseNetwork(text) !== undefined, 'must be an IP address or a network such as 10.0.0.0/24'),
    )
    .default([])
    .describe(
      'Proxies in front of the gateway: addresses or networks. Their X-Forwarded-For is believed, and they have no limit by source.',
    ),
  workers: z
    .int()
    .min(1)
    .max(256)
    .default(1)
    .describe(
      'Number of processes that share the callers’ address. More than one needs `database.url`. Limits apply to each process.',
    ),
  operations: operationsConfig
    .default(() => operationsConfig.parse({}))
    .describe('Second address, for metrics and health. Default: loopback.'),
  log: logServerConfig
    .optional()
    .describe(
      'Address of its own for checkpoints, tiles and proofs of the audit log, which anyone may read. Without it they are not served. Needs `audit.key_file`.',
    ),
  audit: auditConfig
    .optional()
    .describe(
      'Third address, for officers who question the audit log (`/audit/v1`). Without it they are not served. With several workers, it is shared like that of callers.',
    ),
  limits: serverLimitsConfig
    .default(() => serverLimitsConfig.parse({}))
    .describe('Limits on requests, applied before the caller is known.'),
});

/** How officers sign in on the page. */
export type OfficersPageConfig = z.output<typeof pageConfig>;

export type ServerConfig = z.output<typeof serverConfig>;

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { origin, href } = new URL(text);
  return href === `${origin}/`;
}
