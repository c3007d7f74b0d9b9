import type { HttpClient } from '../../schemas/ports/http-client.js';
import { readTls } from '../../schemas/tls/read-tls.js';
import type { SinkConfig } from '../sink-config.js';
import { SinkFeed, type FeedOptions } from './feed.js';
import { FileTarget } from './file-target.js';
import { HttpsTarget } from './https-target.js';
import { recordSinks, type RecordSinks } from './sink-names.js';
import { SyslogTarget } from './syslog-target.js';
import type { SinkTarget } from './target.js';

export interface SinksOptions extends RecordSinks, Pick<FeedOptions, 'observer' | 'holder'> {
  readonly http: HttpClient;
  /** `audit.origin`. */
  readonly origin: string | undefined;
}

/** Time between two tries to record which sinks there are, in milliseconds. */
const AGAIN_MS = 2_000;

/** The sinks of a gateway. */
export class Sinks {
  readonly #options: SinksOptions;
  readonly #feeds: readonly SinkFeed[];
  #timer: NodeJS.Timeout | undefined;
  #recording: Promise<void> | undefined;
  #hasWarned = false;
  #isClosing = false;

  /** Throws if a file of TLS cannot be read or used. Connects to nothing. */
  constructor(options: SinksOptions) {
    this.#options = options;
    this.#feeds = Object.entries(options.sinks).map(([name, config]) => openFeed(name, config, options));
  }

  /** Records which sinks there are, then feeds them, until `close`. While the log cannot be written, it tries again. */
  start(): void {
    this.#recording = this.#record();
  }

  /** Ends after the batches that are under way. Never rejects. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#timer);
    await this.#recording;
    await Promise.all(this.#feeds.map((feed) => feed.close()));
  }

  async #record(): Promise<void> {
    try {
      await recordSinks(this.#options);
    } catch {
      if (!this.#hasWarned) this.#options.observer.log('warn', 'audit_sinks_not_recorded');
      this.#hasWarned = true;
      if (!this.#isClosing) this.#timer = setTimeout(() => this.start(), AGAIN_MS).unref();
      return;
    }
    if (!this.#isClosing) for (const feed of this.#feeds) feed.start();
  }
}

function openFeed(name: string, config: SinkConfig, options: SinksOptions): SinkFeed {
  const { sql, clock, observer, holder, origin } = options;
  return new SinkFeed({
    ...{ name, sql, clock, observer, holder },
    target: openTarget(config, options),
    events: { origin, cases: config.cases },
    batch: config.batch,
    timeoutMs: config.timeout_ms,
  });
}

function openTarget(config: SinkConfig, { http, origin }: SinksOptions): SinkTarget {
  const { timeout_ms: timeoutMs } = config;
  switch (config.kind) {
    case 'file':
      return new FileTarget(config.file);
    case 'https':
      return new HttpsTarget({
        http,
        timeoutMs,
        url: config.url,
        tokenFile: config.token_file,
        tls: readTls(config.tls),
      });
    case 'syslog':
      return new SyslogTarget({
        ...{ timeoutMs, host: config.host, port: config.port, maxBytes: config.max_bytes },
        hostname: config.hostname ?? hostOf(origin),
        tls: readTls(config.tls),
      });
  }
}

/** NILVALUE of RFC 5424 where no name is known. */
function hostOf(origin: string | undefined): string {
  const [host = ''] = (origin ?? '').split(/[:/]/);
  return host || '-';
}
