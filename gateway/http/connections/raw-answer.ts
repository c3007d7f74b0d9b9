import type { Socket } from 'node:net';
import { ERROR_CATALOGUE, type ErrorCode } from '../../../schemas/errors.js';
import { ANSWER_HEADERS } from '../respond.js';

/** What is answered to what did not become a request. */
export interface RawRefusal {
  readonly code: ErrorCode;
  /** Default: `http`. */
  readonly reason?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Writes a refusal in the usual form by hand, because Node has no response object here, and ends the connection's write side. */
export function answerRaw(socket: Socket, { code, reason = 'http', headers: more = {} }: RawRefusal): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = refusalBody(code, reason);
  const headers = {
    ...ANSWER_HEADERS,
    ...more,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${ERROR_CATALOGUE[code].status} Refused\r\n${lines.join('')}\r\n${body}`);
}

function refusalBody(code: ErrorCode, reason: string): string {
  const { actor, retryable, text } = ERROR_CATALOGUE[code];
  return JSON.stringify({
    errors: [
      {
        message: text.en,
        extensions: {
          code,
          whoMustAct: actor,
          retryable,
          reasons: [reason],
          docs: `docs/errors.md#${code.toLowerCase()}`,
        },
      },
    ],
  });
}
