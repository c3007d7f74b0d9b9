import { readFile } from 'node:fs/promises';
import {
  headerList,
  HttpFailure,
  type ConnectionSettings,
  type HttpClient,
  type HttpConnections,
} from '../../schemas/ports/http-client.js';
import type { OcsfEvent } from '../audit/formats/ocsf/event.js';
import { NotDelivered, type SinkTarget } from './target.js';

export interface HttpsTargetOptions {
  readonly http: HttpClient;
  readonly url: string;
  readonly tokenFile: string | undefined;
  readonly tls: Pick<ConnectionSettings, 'tlsCa' | 'tlsClient' | 'tlsServerName'>;
  readonly timeoutMs: number;
}

const MAX_RESPONSE_BYTES = 65_536;
const TOKEN = /^[\x21-\x7e]+$/;

/** Posts events as one JSON list. Any answer but 2xx, a redirect too, means that they were not taken. */
export class HttpsTarget implements SinkTarget {
  readonly #options: HttpsTargetOptions;
  readonly #connections: HttpConnections;

  constructor(options: HttpsTargetOptions) {
    this.#options = options;
    this.#connections = options.http.open({ maxConnections: 1, ...options.tls });
  }

  async deliver(events: readonly OcsfEvent[]): Promise<void> {
    const { url, timeoutMs } = this.#options;
    const headers = {
      'Content-Type': 'application/json',
      Accept: 'application/json',
      ...(await this.#authorization()),
    };
    const { status } = await this.#connections
      .send({
        method: 'POST',
        url: new URL(url),
        headers: headerList(headers),
        body: JSON.stringify(events),
        timeoutMs,
        maxResponseBytes: MAX_RESPONSE_BYTES,
      })
      .catch((error: unknown) => {
        throw new NotDelivered(error instanceof HttpFailure && error.kind === 'timeout' ? 'timeout' : 'unreachable');
      });
    if (status < 200 || status > 299) throw new NotDelivered('refused');
  }

  async close(): Promise<void> {
    this.#connections.close();
  }

  async #authorization(): Promise<Readonly<Record<string, string>>> {
    const { tokenFile } = this.#options;
    if (tokenFile === undefined) return {};
    const token = (await readFile(tokenFile, 'utf8').catch(() => '')).trim();
    if (!TOKEN.test(token)) throw new NotDelivered('file');
    return { Authorization: `Bearer ${token}` };
  }
}
