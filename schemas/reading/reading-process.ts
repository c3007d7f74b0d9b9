import { spawn } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { requestText } from './request-text.js';

/** Limits of a process that reads documents of other parties. */
export interface ReadingLimits {
  /** Time until the first reply, and from one reply to the next. */
  readonly timeMs: number;
  /** Heap of JavaScript. */
  readonly memoryMb: number;
  /** Bytes of one reply. */
  readonly replyBytes: number;
}

/**
 * How reading ended: with all replies, or without. `ended`: the process ended before its last reply, as it does beyond
 * its memory. `unreadable`: a reply is no JSON.
 */
export type ReadingEnd = 'replied' | 'time' | 'size' | 'ended' | 'unreadable' | 'not_started';

export interface Reading {
  /** A program that answers as `reading-program.ts` does. */
  readonly program: URL;
  readonly request: unknown;
  /** Replies that are waited for. */
  readonly replies: number;
  readonly limits: ReadingLimits;
  /** Called for each reply, in order. A reply comes from a process that has read a hostile document: check it. */
  readonly onReply: (reply: unknown) => void;
}

/** Returns the program beside a module, with the same extension: TypeScript in development, JavaScript in an installation. */
export function programBeside(module: string, name: string): URL {
  return new URL(`./${name}${extname(fileURLToPath(module))}`, module);
}

/**
 * Reads documents in a process of its own, which has no environment, no configuration and no connection to this one but
 * the request and its replies. Ends the process in any case. Rejects never.
 */
export function runReading({ program, request, replies, limits, onReply }: Reading): Promise<ReadingEnd> {
  const inherited = process.execArgv.filter((argument) => !argument.startsWith('--inspect'));
  const execArgv = [...inherited, `--max-old-space-size=${limits.memoryMb}`];
  const child = spawn(process.execPath, [...execArgv, fileURLToPath(program)], {
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  return new Promise((resolve) => {
    const endWithThis = (): void => void child.kill('SIGKILL');
    let timer: NodeJS.Timeout | undefined;
    const end = (how: ReadingEnd): void => {
      clearTimeout(timer);
      process.off('exit', endWithThis);
      child.stdout.removeAllListeners('data');
      child.kill('SIGKILL');
      resolve(how);
    };
    const waitForReply = (): void => {
      clearTimeout(timer);
      // This process may be busy for longer than that, and sends and reads nothing then: half of the time is left after it.
      const half = limits.timeMs / 2;
      timer = setTimeout(() => (timer = setTimeout(() => end('time'), half)), half);
    };
    let left = replies;
    const onLine = (line: string): boolean => {
      const reply = parsed(line);
      if (reply === undefined) end('unreadable');
      else {
        onReply(reply.value);
        left -= 1;
        if (left === 0) end('replied');
        else waitForReply();
      }
      return reply !== undefined && left > 0;
    };
    process.once('exit', endWithThis);
    child.once('error', () => end('not_started'));
    child.once('close', () => end('ended'));
    child.stdin.once('error', () => undefined);
    child.stdout.on(
      'data',
      linesWithin(limits.replyBytes, onLine, () => end('size')),
    );
    waitForReply();
    child.stdin.end(requestText(request));
  });
}

/** Calls `onLine` for each whole line until it returns false, and `onTooLong` once for one that is longer than `bytes`. */
function linesWithin(bytes: number, onLine: (line: string) => boolean, onTooLong: () => void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let length = 0;
  let isOver = false;
  return (chunk) => {
    let rest = chunk;
    while (!isOver && rest.length > 0) {
      const end = rest.indexOf(0x0a);
      const part = end < 0 ? rest : rest.subarray(0, end);
      parts.push(part);
      length += part.length;
      if (length > bytes) {
        isOver = true;
        return onTooLong();
      }
      if (end < 0) return;
      const line = Buffer.concat(parts).toString('utf8');
      [parts, length, rest] = [[], 0, rest.subarray(end + 1)];
      isOver = !onLine(line);
    }
  };
}

function parsed(line: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(line) as unknown };
  } catch {
    return undefined;
  }
}
