import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorCode } from '../../../schemas/errors.js';
import type { Clock } from '../../../schemas/ports/clock.js';
import type { Observer } from '../../../schemas/ports/observer.js';
import type { ServerConfig } from '../../config/parts/server.js';
import { Connection } from './connection.js';
import { ReaderProbe } from './half-close.js';
import { Pacing } from './pacing.js';
import { answerRaw, type RawRefusal } from './raw-answer.js';
import { createSources, type Source, type Sources } from './source.js';
import { WaitingBudget } from './waiting.js';

export interface ConnectionsOptions {
  readonly limits: ServerConfig['limits'];
  /** `server.proxies`. */
  readonly proxies: readonly string[];
  readonly clock: Clock;
  readonly observer: Observer;
  /** Counts what is refused before it is a request. Nothing waits for it. */
  readonly countRefused: (refusal: { readonly code: ErrorCode; readonly source: string }) => void;
}

/** None gives way before what it sent had time to be read. */
const GRACE_MS = 200;
/**
 * What unknown clients send is read this much faster than they are refused. A client that asks again and again waits
 * for its refusals, so a caller on a new connection is read at once, and its token takes it past them.
 */
const READ_FASTER = 4;
/** Refusals and ends at once: about a millisecond of work. */
const REFUSED_AT_ONCE = 4;
/** Requests that one connection of an unknown client may have sent before the first of them is answered. */
const MAX_PIPELINED = 16;
/** An idle connection that is to be ended is ended when nothing has come for this long. */
const QUIET_MS = 1_000;

/**
 * The connections of one address, each as far as it came. It keeps deadlines and rates, lets those
 * that have waited longest give way when there are too many, and ends connections without a reset.
 * Unknown clients are read and refused in turns, so that they take a bounded share of the process.
 */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #sources: Sources;
  readonly #open = new Map<Socket, Connection>();
  /** Those that are still sending, without a verified token. */
  readonly #waiting: WaitingBudget<Connection>;
  /** Connections from which nothing is read until their turn comes, in the order in which they began to wait for it. */
  readonly #unread = new Set<Connection>();
  /** Turns in which something is read from unknown clients. */
  readonly #reading: Pacing;
  /** Turns in which unknown clients are refused, and their connections ended. */
  readonly #refusing: Pacing;
  /** Those of known callers and named proxies that have nothing to answer, in the order in which they began to wait. */
  readonly #idle = new Set<Connection>();
  #isLeaving = false;
  #endsIdle = false;

  constructor(options: ConnectionsOptions) {
    const { limits, proxies } = options;
    this.#options = options;
    this.#sources = createSources(proxies);
    const perSecond = limits.unauthenticated_requests_per_second;
    this.#reading = new Pacing({
      perSecond: perSecond * READ_FASTER,
      atOnce: REFUSED_AT_ONCE * READ_FASTER,
      clock: options.clock,
    });
    this.#refusing = new Pacing({ perSecond, atOnce: REFUSED_AT_ONCE, clock: options.clock });
    this.#waiting = new WaitingBudget({
      total: limits.unauthenticated_connections,
      perSource: limits.unauthenticated_connections_per_source,
      graceMs: GRACE_MS,
    });
  }

  /** Connections that are open. */
  get size(): number {
    return this.#open.size;
  }

  /** Whether every answer ends its connection. */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /** Returns where a request comes from. */
  sourceOf({ socket, headersDistinct }: IncomingMessage): Source {
    const connection = this.#open.get(socket);
    if (connection?.isProxy === false) return connection.peer;
    return this.#sources.of(socket.remoteAddress, headersDistinct['x-forwarded-for']);
  }

  /**
   * A token of this request has been verified: its connection leaves the limits for unknown callers
   * while it stays open. A named proxy's connection carries many callers, so there only this request does.
   */
  known({ socket }: Pick<IncomingMessage, 'socket'>): void {
    const connection = this.#open.get(socket);
    if (connection === undefined) return;
    if (!connection.isProxy) {
      connection.isKnown = true;
      this.#reading.acquainted(connection.peer.name);
      this.#refusing.acquainted(connection.peer.name);
    }
    this.#waiting.delete(connection);
  }

  /**
   * The caller of this request is beyond its rate: the next request of this connection is read at the rate at which
   * unknown clients are refused.
   */
  slowDown({ socket }: Pick<IncomingMessage, 'socket'>): void {
    const connection = this.#open.get(socket);
    if (connection !== undefined) connection.isPaced = true;
  }

  /** Calls `answer` for a request without a verified token: when it is the turn of its source. */
  answerInTurn(request: IncomingMessage, answer: () => void): void {
    if (this.#isLeaving) answer();
    else this.#refusing.add({ source: this.sourceOf(request).name, start: answer });
    const connection = this.#open.get(request.socket);
    // What is here whole waits for us, not for the client.
    if (connection !== undefined && request.complete) this.#waiting.delete(connection);
  }

  /** Takes a new connection. */
  add(socket: Socket): void {
    const { remoteAddress } = socket;
    const isProxy = this.#sources.isProxy(remoteAddress);
    const peer = isProxy ? { ...this.#sources.of(remoteAddress), hasLimit: false } : this.#sources.of(remoteAddress);
    const connection = new Connection(socket, peer, isProxy, this.#now());
    this.#open.set(socket, connection);
    socket.destroySoon = () => this.#end(connection);
    socket.once('close', () => this.#remove(connection));
    socket.once('end', () => this.#onLastByte(connection));
    // Node starts reading by itself after an answer, and when a body is wanted.
    socket.on('resume', () => holdBack(connection));
    this.#rest(connection);
    if (this.#open.size > this.#options.limits.connections) this.#makeRoomFor(connection);
  }

  /**
   * Takes a request. Returns false if it must not be handled, because its connection has been ended
   * (RFC 9112, section 9.6).
   */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    const connection = this.#open.get(request.socket);
    if (connection === undefined || isOver(connection) || this.#isFlooded(connection)) {
      request.resume();
      return false;
    }
    const { response: before } = connection;
    this.#endWait(connection);
    if (this.#isLeaving) {
      // Only the last answer of a connection ends it.
      if (connection.unanswered > 0 && before !== undefined) before.shouldKeepAlive = true;
      response.shouldKeepAlive = false;
    }
    connection.unanswered += 1;
    connection.request = request;
    connection.response = response;
    connection.since = this.#now();
    response.once('close', () => this.#onAnswered(connection));
    if (!connection.isKnown && mayHaveBody(request)) {
      const source = this.sourceOf(request);
      connection.source = source.hasLimit ? source.name : undefined;
      this.#waiting.add(connection);
    }
    return true;
  }

  /** Counts a request that is refused before a stage takes it. */
  countRefused(request: IncomingMessage, code: ErrorCode): void {
    this.#count(code, this.sourceOf(request));
  }

  /** Answers what is no request: at once, and counted afterwards. */
  refuse(socket: Socket, refusal: RawRefusal): void {
    const connection = this.#open.get(socket);
    if (connection === undefined || connection.endedAt !== undefined || connection.afterwards !== undefined) return;
    this.#count(refusal.code, connection.peer);
    if (connection.unanswered > 0) breakOff(connection, refusal);
    else this.#answer(connection, refusal);
  }

  /**
   * Ends what is overdue and what must give way. Called several times a second, right after what had
   * come was read: what waits unread is not missing.
   */
  look(): void {
    const now = this.#now();
    for (const connection of this.#open.values()) {
      connection.probe?.next();
      const overdue = connection.overdue(now, this.#options.limits);
      if (overdue !== undefined) this.#inTurn(connection, () => this.#endOverdue(connection));
      else if (this.#endsIdle && connection.isQuiet(now, QUIET_MS)) this.#end(connection);
    }
    for (const connection of this.#waiting.takeExcess(now))
      this.#inTurn(connection, () => {
        // Not if it has delivered meanwhile, and waits for us.
        if (connection.unanswered === 0 || connection.request?.complete !== true) this.#giveWay(connection);
      });
  }

  /** From here on every answer ends its connection. */
  leave(): void {
    this.#isLeaving = true;
    for (const { response, unanswered } of this.#open.values())
      if (unanswered > 0 && response?.headersSent === false) response.shouldKeepAlive = false;
  }

  /**
   * From here on idle connections are ended, each once it is quiet: a client may be sending into one that
   * has just been used.
   */
  endIdle(): void {
    this.#endsIdle = true;
  }

  /** Cuts off everything that is open. */
  destroy(): void {
    for (const socket of [...this.#open.keys()]) socket.destroy();
  }

  #now(): number {
    return this.#options.clock.monotonic();
  }

  /** The connection waits for a request. */
  #rest(connection: Connection): void {
    const { isKnown, isProxy, isPaced } = connection;
    connection.isPaced = false;
    if (isKnown || isProxy) this.#idle.add(connection);
    if (isProxy) return;
    if (!isKnown) this.#readInTurn(connection, this.#reading);
    else if (isPaced) this.#readInTurn(connection, this.#refusing);
  }

  /** Reads nothing from a connection until its turn comes. What was sent waits in the kernel. */
  #readInTurn(connection: Connection, pacing: Pacing): void {
    const turn = { source: connection.peer.name, start: () => this.#read(connection) };
    connection.reading = turn;
    this.#unread.add(connection);
    pacing.add(turn);
    holdBack(connection);
  }

  #read(connection: Connection): void {
    connection.reading = undefined;
    this.#unread.delete(connection);
    // From here on it is the client who lets us wait.
    connection.since = this.#now();
    if (!connection.isKnown) this.#waiting.add(connection);
    connection.socket.resume();
  }

  /** Ends the connection of an unknown client when its turn comes, unless it goes on meanwhile; that of a known one at once. */
  #inTurn(connection: Connection, end: () => void): void {
    if (connection.isKnown || connection.isProxy) return end();
    if (connection.ending !== undefined) return;
    const start = (): void => {
      connection.ending = undefined;
      end();
    };
    connection.ending = { source: connection.peer.name, start };
    this.#refusing.add(connection.ending);
  }

  /** A connection waits no longer: neither for the client, nor for a turn. */
  #endWait(connection: Connection): void {
    const { reading, ending } = connection;
    this.#waiting.delete(connection);
    this.#idle.delete(connection);
    this.#unread.delete(connection);
    if (reading !== undefined) for (const pacing of [this.#reading, this.#refusing]) pacing.delete(reading);
    if (ending !== undefined) this.#refusing.delete(ending);
    connection.reading = undefined;
    connection.ending = undefined;
  }

  /** Whether an unknown client sends requests without reading the answers. It is told so after those that were taken. */
  #isFlooded(connection: Connection): boolean {
    if (connection.isKnown || connection.isProxy || connection.unanswered < MAX_PIPELINED) return false;
    connection.afterwards = { code: 'OVERLOADED', reason: 'pipelined', headers: RETRY };
    this.#count('OVERLOADED', connection.peer);
    return true;
  }

  #remove(connection: Connection): void {
    this.#open.delete(connection.socket);
    this.#endWait(connection);
  }

  #onAnswered(connection: Connection): void {
    connection.unanswered -= 1;
    if (connection.unanswered > 0 || connection.endedAt !== undefined || connection.socket.destroyed) return;
    this.#waiting.delete(connection);
    const isWhole = connection.request?.complete !== false;
    connection.answered(this.#now());
    connection.request = undefined;
    connection.response = undefined;
    connection.probe = undefined;
    if (connection.afterwards !== undefined) this.#answer(connection, connection.afterwards);
    else if (isWhole) this.#rest(connection);
    else this.#end(connection);
  }

  /** The client has ended its side. Node lets what it sent be answered. */
  #onLastByte(connection: Connection): void {
    const { socket, request, response, unanswered, endedAt } = connection;
    if (endedAt !== undefined || unanswered !== 1 || response === undefined || response.headersSent) return;
    if (request?.complete !== true || !socket.writable) return;
    response.shouldKeepAlive = false;
    connection.probe = new ReaderProbe(socket);
  }

  #endOverdue(connection: Connection): void {
    const { socket } = connection;
    const overdue = connection.overdue(this.#now(), this.#options.limits);
    if (overdue === undefined || socket.destroyed) return;
    if (overdue === 'lingering') return void socket.destroy();
    this.#options.observer.count('tereze_connections_ended_total', { reason: overdue });
    if (overdue === 'slow_headers') {
      this.#count('REQUEST_TIMEOUT', connection.peer);
      this.#answer(connection, { code: 'REQUEST_TIMEOUT' });
    } else if (overdue === 'slow_body') socket.destroy();
    else this.#end(connection);
  }

  /** Too many wait: this one has waited longest. */
  #giveWay(connection: Connection): void {
    this.#options.observer.count('tereze_connections_ended_total', { reason: 'gave_way' });
    if (connection.unanswered > 0 || connection.bytes === 0) return void connection.socket.destroy();
    this.#count('OVERLOADED', connection.peer);
    answerRaw(connection.socket, { code: 'OVERLOADED', reason: 'connections', headers: RETRY });
    // No lingering: its place is needed.
    connection.socket.once('finish', () => connection.socket.destroy());
  }

  #makeRoomFor(newcomer: Connection): void {
    const oldest = this.#waiting.takeOldest(newcomer) ?? this.#oldestUnread(newcomer) ?? this.#oldestOfMost(newcomer);
    if (oldest !== undefined) return this.#giveWay(oldest);
    this.#options.observer.count('tereze_connections_ended_total', { reason: 'no_room' });
    newcomer.socket.destroy();
  }

  #oldestUnread(newcomer: Connection): Connection | undefined {
    for (const connection of this.#unread) if (connection !== newcomer && !connection.isKnown) return connection;
    return undefined;
  }

  /** Of the known callers' idle connections, the one that has waited longest of the source that has most of them; a proxy's last. */
  #oldestOfMost(newcomer: Connection): Connection | undefined {
    const counts = new Map<string, number>();
    for (const { peer, isProxy } of this.#idle) if (!isProxy) counts.set(peer.name, (counts.get(peer.name) ?? 0) + 1);
    const most = Math.max(0, ...counts.values());
    for (const connection of this.#idle)
      if (connection !== newcomer && (most === 0 || counts.get(connection.peer.name) === most)) {
        this.#idle.delete(connection);
        return connection;
      }
    return undefined;
  }

  #answer(connection: Connection, refusal: RawRefusal): void {
    answerRaw(connection.socket, refusal);
    this.#end(connection);
  }

  /**
   * Ends this side, and reads on without keeping anything until the other side ends, so that no reset
   * overtakes the last answer (RFC 9112, section 9.6).
   */
  #end(connection: Connection): void {
    if (connection.endedAt !== undefined) return;
    connection.endedAt = this.#now();
    const isHeldBack = connection.reading !== undefined;
    this.#endWait(connection);
    if (isHeldBack) connection.socket.resume();
    if (connection.socket.writable) connection.socket.end();
    connection.request?.resume();
  }

  #count(code: ErrorCode, { name: source }: Source): void {
    this.#options.observer.count('tereze_unauthenticated_total', { code });
    this.#options.countRefused({ code, source });
  }
}

/**
 * Stops reading from a connection that waits for its turn. Only in the next tick: Node may be about to begin.
 */
function holdBack(connection: Connection): void {
  if (connection.reading === undefined) return;
  process.nextTick(() => {
    if (connection.reading !== undefined) connection.socket.pause();
  });
}

/** Whether the end of a connection was said: it was ended, or its last answer is sent or waits. */
function isOver({ endedAt, afterwards, response, unanswered }: Connection): boolean {
  const isLastSent = response?.headersSent === true && !response.shouldKeepAlive && unanswered > 0;
  return endedAt !== undefined || afterwards !== undefined || isLastSent;
}

const RETRY = { 'Retry-After': '2' };

function mayHaveBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** What follows a request, or the rest of its body, is malformed. Its own answer tells of a broken body; otherwise the refusal comes after it. */
function breakOff(connection: Connection, refusal: RawRefusal): void {
  const { request, response } = connection;
  if (request?.complete === false) {
    if (response?.headersSent === false) response.shouldKeepAlive = false;
    const tell = (): boolean => request.emit('error', new Error('the body breaks off'));
    const isRead = request.listenerCount('error') > 0;
    // A handler that reads no body listens for no error either, and an error without a listener ends the process.
    request.on('error', () => undefined);
    if (isRead) tell();
    else request.once('resume', tell);
  } else connection.afterwards = refusal;
}
