import { Socket } from 'node:net';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/;

/** Thrown where a test would connect to another machine. */
export class NotLoopback extends Error {
  constructor(host: string) {
    super(`tests reach loopback only, not ${host}`);
    this.name = 'NotLoopback';
  }
}

type Connect = (this: Socket, ...parameters: unknown[]) => Socket;

const GUARDED = Symbol('guarded');

/**
 * Makes every connection of this process that leaves the machine throw before a name is resolved. Unix
 * sockets stay open. A second call changes nothing.
 */
export function guardLoopback(): void {
  // Every TCP client of Node's ends here: http, https, tls, undici, pg.
  const { connect } = Socket.prototype as unknown as { connect: Connect };
  if (GUARDED in connect) return;
  const guarded: Connect = function (...parameters) {
    const host = hostOf(parameters);
    if (host !== undefined && !LOOPBACK.test(host)) throw new NotLoopback(host);
    return connect.apply(this, parameters);
  };
  Object.assign(guarded, { [GUARDED]: true });
  Object.defineProperty(Socket.prototype, 'connect', { value: guarded, configurable: true, writable: true });
}

/** Returns the host of the parameters of `Socket.connect`: (options), (port, host?), (path), or Node's own list of these. */
function hostOf(parameters: readonly unknown[]): string | undefined {
  const [first, second] = parameters;
  if (Array.isArray(first)) return hostOf(first as unknown[]);
  if (typeof first === 'object' && first !== null) {
    const { host } = first as { host?: unknown };
    return typeof host === 'string' ? host : undefined;
  }
  return typeof second === 'string' ? second : undefined;
}
