import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { HttpAnswer } from '../../demo/registers/http-register.js';
import type { FailureReason } from '../../schemas/failures/register-failure.js';
import { rawResponse } from './raw-listener.js';

/** What a register says beside its answer. None of it may be told to anyone. */
export const SAID = 'ORA-00600: internal error, user REG_OWNER';
/** Time of a call that must run into its deadline, in milliseconds. */
export const SHORT_MS = 300;
const BOMB = gzipSync(Buffer.alloc(20_000_000, ' '));

export interface Misdoing {
  readonly reason: FailureReason;
  /** Answers instead of the right answer. */
  readonly respond: (socket: Socket, good: HttpAnswer) => void;
  /** Time of the call, where it must run out. */
  readonly withinMs?: number;
  readonly retryAfterMs?: number;
}

/** What registers, and what stands before them, do wrong over HTTP; and what the gateway calls it. */
export const MISDEEDS = {
  'says nothing': { reason: 'deadline', withinMs: SHORT_MS, respond: () => undefined },
  'cuts the connection without an answer': { reason: 'connection_cut', respond: (socket) => socket.destroy() },
  'cuts it within the head': {
    reason: 'connection_cut',
    respond: (socket, good) => void socket.end(bytesOf(good).subarray(0, 20)),
  },
  'cuts it within the body': {
    reason: 'connection_cut',
    respond: (socket, good) => void socket.end(bytesOf(good).subarray(0, -2)),
  },
  'sends the head byte by byte': {
    reason: 'deadline',
    withinMs: SHORT_MS,
    respond: (socket, good) => drip(socket, bytesOf(good)),
  },
  'sends the body byte by byte': {
    reason: 'deadline',
    withinMs: SHORT_MS,
    respond: (socket, good) => {
      const bytes = bytesOf(good);
      const body = bytes.indexOf('\r\n\r\n') + 4;
      socket.write(bytes.subarray(0, body));
      drip(socket, bytes.subarray(body));
    },
  },
  'speaks another protocol': {
    reason: 'content_type',
    respond: (socket) => void socket.end(`SSH-2.0 ${SAID}\r\n\r\n`),
  },
  'sends no end of data': {
    reason: 'too_large',
    respond: (socket, good) => {
      socket.write(headOf(good, { 'Content-Length': '900000000' }));
      flood(socket);
    },
  },
  'sends what grows when it is inflated': {
    reason: 'too_large',
    respond: (socket, good) =>
      void socket.write(rawResponse(200, { ...headersOf(good), 'Content-Encoding': 'gzip' }, BOMB)),
  },
  'compresses in a way that was not offered': {
    reason: 'content_encoding',
    respond: (socket, good) =>
      void socket.write(rawResponse(200, { ...headersOf(good), 'Content-Encoding': 'compress' }, good.body)),
  },
  'answers in another charset': {
    reason: 'charset',
    respond: (socket, good) =>
      void socket.write(
        rawResponse(
          200,
          { ...headersOf(good), 'Content-Type': `${mediaTypeOf(good)}; charset=windows-1251` },
          good.body,
        ),
      ),
  },
  'sends bytes that are no UTF-8': {
    reason: 'text_invalid',
    respond: (socket, good) =>
      void socket.write(
        rawResponse(200, headersOf(good), Buffer.concat([Buffer.from(good.body), Buffer.from([0xc3])])),
      ),
  },
  'sends a page for people': {
    reason: 'content_type',
    respond: (socket, good) =>
      void socket.write(
        rawResponse(200, { ...headersOf(good), 'Content-Type': 'text/html; charset=utf-8' }, `<p>${SAID}`),
      ),
  },
  'sends garbage of the right type': {
    reason: 'json_invalid',
    respond: (socket, good) => void socket.write(rawResponse(200, headersOf(good), `[{<<${SAID}`)),
  },
  'sends its caller elsewhere': {
    reason: 'redirect_refused',
    respond: (socket, good) => void socket.write(rawResponse(302, { ...headersOf(good), Location: '/elsewhere' }, '')),
  },
  'does not know the gateway': {
    reason: 'credentials_refused',
    respond: (socket, good) =>
      void socket.write(rawResponse(401, { ...headersOf(good), 'WWW-Authenticate': `Basic realm="${SAID}"` }, SAID)),
  },
  'does not let the gateway in': {
    reason: 'access_refused',
    respond: (socket, good) => void socket.write(rawResponse(403, headersOf(good), SAID)),
  },
  fails: {
    reason: 'status_unexpected',
    respond: (socket, good) => void socket.write(rawResponse(500, headersOf(good), SAID)),
  },
  'asks for time in seconds': {
    reason: 'overloaded',
    retryAfterMs: 20_000,
    respond: (socket, good) => void socket.write(rawResponse(429, { ...headersOf(good), 'Retry-After': '20' }, '')),
  },
  'asks for time until a date': {
    reason: 'overloaded',
    retryAfterMs: 20_000,
    respond: (socket, good) =>
      void socket.write(rawResponse(503, { ...headersOf(good), 'Retry-After': 'Mon, 23 Nov 2026 10:00:20 GMT' }, '')),
  },
} as const satisfies Readonly<Record<string, Misdoing>>;

export type Misdeed = keyof typeof MISDEEDS;

export function headersOf({
  headers = {},
  contentType = 'application/json; charset=utf-8',
}: HttpAnswer): Readonly<Record<string, string>> {
  return { ...headers, 'Content-Type': contentType };
}

function mediaTypeOf({ contentType = 'application/json' }: HttpAnswer): string {
  return contentType.split(';')[0] ?? '';
}

export function bytesOf(good: HttpAnswer): Buffer {
  return rawResponse(good.status, headersOf(good), good.body);
}

function headOf(good: HttpAnswer, headers: Readonly<Record<string, string>>): Buffer {
  return rawResponse(good.status, { ...headersOf(good), ...headers }, '');
}

function drip(socket: Socket, bytes: Buffer): void {
  let at = 0;
  const timer = setInterval(() => {
    if (socket.destroyed || at >= bytes.length) clearInterval(timer);
    else socket.write(bytes.subarray(at, (at += 1)));
  }, 20);
  socket.once('close', () => clearInterval(timer));
}

function flood(socket: Socket): void {
  const chunk = Buffer.alloc(65_536, ' ');
  const more = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', more);
  more();
}
