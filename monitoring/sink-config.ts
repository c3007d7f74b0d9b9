import { z } from 'zod';
import { tlsSettings } from '../schemas/tls/settings.js';

const common = {
  cases: z
    .boolean()
    .default(false)
    .describe('Whether case numbers, and what officers wrote as their reason, go to the sink.'),
  batch: z.int().min(1).max(1_000).default(200).describe('Most entries that are sent at once.'),
  timeout_ms: z
    .int()
    .min(100)
    .max(60_000)
    .default(10_000)
    .describe('Limit of sending one batch, its acknowledgement included, in milliseconds.'),
};

const fileSink = z.strictObject({
  kind: z.literal('file').describe('A file on this machine, one event a line, for a program that ships it.'),
  file: z
    .string()
    .min(1)
    .describe(
      'The file. It is made with mode 0600. It may be renamed or removed at any time: the next batch makes it again.',
    ),
  ...common,
});

const httpsSink = z
  .strictObject({
    kind: z
      .literal('https')
      .describe('An address that takes POST with a JSON list of events and answers 2xx once it keeps them.'),
    url: z.url({ protocol: /^https?$/ }).describe('The address. A redirect is not followed.'),
    token_file: z
      .string()
      .min(1)
      .optional()
      .describe('File with the bearer token that the address expects. It is read for each batch.'),
    tls: tlsSettings.optional().describe('How TLS is spoken to the address.'),
    ...common,
  })
  .refine(({ url, tls }) => tls === undefined || url.startsWith('https:'), {
    path: ['tls'],
    error: 'needs an https address in url',
  });

const syslogSink = z.strictObject({
  kind: z.literal('syslog').describe('Syslog over TLS (RFC 5424, RFC 5425), with octet counting.'),
  host: z.string().min(1).describe('The receiver.'),
  port: z.int().min(1).max(65_535).default(6_514).describe('Its port.'),
  tls: tlsSettings.optional().describe('How TLS is spoken to the receiver. It is always TLS.'),
  hostname: z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 printable ASCII characters without spaces')
    .optional()
    .describe('HOSTNAME of the messages. Default: that of `audit.origin`.'),
  max_bytes: z
    .int()
    .min(2_048)
    .max(1_000_000)
    .default(65_536)
    .describe(
      'Longest message that the receiver takes (rsyslog: `maxMessageSize`), in bytes. Of an event that is longer, what OCSF has no member for is left out.',
    ),
  ...common,
});

/** `audit.sinks`: where entries go as they are written. */
export const sinksConfig = z
  .record(
    z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be a name: small letters, digits and dashes')
      .describe('Name of the sink, in entries, logs and metrics. Its place in the log is kept under this name.'),
    z.discriminatedUnion('kind', [fileSink, httpsSink, syslogSink]),
  )
  .default({})
  .describe('Where entries are sent as events of OCSF, by name. Adding, changing and removing one is an entry.');

/** One sink of the configuration. */
export type SinkConfig = z.output<typeof sinksConfig>[string];
