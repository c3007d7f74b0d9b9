import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import type { ConnectionSettings } from '../../schemas/ports/http-client.js';
import type { OcsfEvent } from '../audit/formats/ocsf/event.js';
import { syslogFrame, type SyslogOptions } from './syslog-message.js';
import { NotDelivered, type SinkTarget } from './target.js';

export interface SyslogTargetOptions extends SyslogOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: Pick<ConnectionSettings, 'tlsCa' | 'tlsClient' | 'tlsServerName'>;
  readonly timeoutMs: number;
  /** How long a second connection must outlive the first, in milliseconds. Default: 50. */
  readonly settleMs?: number;
}

const SETTLE_MS = 50;

/**
 * Sends events by syslog over TLS (RFC 5425), which has no acknowledgement of its own. So each batch has a connection to
 * itself, and counts as delivered when all of this holds:
 *
 * - a second connection to the receiver was there before the first was ended;
 * - the receiver has closed the first, in answer to its end: it has read everything of it;
 * - the second is open a moment later: it was a living receiver that closed the first, not the death of one, which closes
 *   both.
 *
 * The next batch uses the second. What a receiver does with messages that it has read is its own matter: one that keeps
 * them in memory only can still lose them.
 */
export class SyslogTarget implements SinkTarget {
  readonly #options: SyslogTargetOptions;
  #next: TLSSocket | undefined;

  constructor(options: SyslogTargetOptions) {
    this.#options = options;
  }

  async deliver(events: readonly OcsfEvent[]): Promise<void> {
    const { timeoutMs, settleMs = SETTLE_MS } = this.#options;
    const limit = AbortSignal.timeout(timeoutMs);
    const opened: TLSSocket[] = [];
    try {
      const first = this.#takeNext() ?? (await this.#connect(limit));
      opened.push(first);
      await this.#write(first, events, limit);
      const second = await this.#connect(limit);
      opened.push(second);
      first.end();
      if (!first.closed) await once(first, 'close', { signal: limit });
      await sleep(settleMs, undefined, { signal: limit });
      if (first.errored !== null || !isOpen(second)) throw new NotDelivered('unreachable');
      opened.pop();
      this.#next = second;
    } catch {
      throw new NotDelivered(limit.aborted ? 'timeout' : 'unreachable');
    } finally {
      for (const socket of opened) socket.destroy();
    }
  }

  async close(): Promise<void> {
    this.#next?.destroy();
    this.#next = undefined;
  }

  #takeNext(): TLSSocket | undefined {
    const next = this.#next;
    this.#next = undefined;
    if (next !== undefined && isOpen(next)) return next;
    next?.destroy();
    return undefined;
  }

  /** Resolves once the receiver has shown a certificate that is trusted and carries its name. */
  async #connect(signal: AbortSignal): Promise<TLSSocket> {
    const { host, port, tls } = this.#options;
    const socket = connect({
      host,
      port,
      ...(tls.tlsServerName === undefined ? {} : { servername: tls.tlsServerName }),
      ...(tls.tlsCa === undefined ? {} : { ca: tls.tlsCa }),
      ...(tls.tlsClient === undefined ? {} : { cert: tls.tlsClient.certificate, key: tls.tlsClient.key }),
      minVersion: 'TLSv1.2',
    });
    // What breaks a connection that waits is seen when it is used.
    socket.on('error', () => undefined);
    // A receiver sends nothing; its end is seen only while it is read.
    socket.resume();
    try {
      await once(socket, 'secureConnect', { signal });
      return socket;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  async #write(socket: TLSSocket, events: readonly OcsfEvent[], signal: AbortSignal): Promise<void> {
    for (const event of events)
      if (!socket.write(syslogFrame(event, this.#options), 'latin1')) await drained(socket, signal);
  }
}

async function drained(socket: TLSSocket, signal: AbortSignal): Promise<void> {
  const broken = new AbortController();
  const stop = (): void => broken.abort();
  socket.once('close', stop);
  try {
    await once(socket, 'drain', { signal: AbortSignal.any([signal, broken.signal]) });
  } finally {
    socket.off('close', stop);
  }
}

function isOpen(socket: TLSSocket): boolean {
  return !socket.destroyed && socket.readable && socket.writable && socket.errored === null;
}
