import { MAX_LINE, type LineFault } from './log-line.js';

/** A line without its end, or why it cannot be read. */
export type TextLine =
  | { readonly line: number; readonly text: string }
  | { readonly line: number; readonly fault: Extract<LineFault, 'length' | 'encoding'> };

const LINE_FEED = 0x0a;

/**
 * Reads lines of UTF-8 with their numbers, from 1. No more than one line is held, and of a longer one than 64 KiB nothing.
 * A carriage return before the line feed belongs to the end of the line, and a byte order mark to no line.
 */
export async function* textLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TextLine> {
  let line = 1;
  let held: Uint8Array[] = [];
  let size = 0;
  const hold = (part: Uint8Array): void => {
    size += part.length;
    if (size <= MAX_LINE) held.push(part);
    else held = [];
  };
  const take = (): TextLine => {
    const taken = size > MAX_LINE ? ({ line, fault: 'length' } as const) : decoded(line, Buffer.concat(held));
    line += 1;
    held = [];
    size = 0;
    return taken;
  };
  for await (const chunk of bytes) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      hold(chunk.subarray(from, end));
      yield take();
      from = end + 1;
    }
    // The chunk may be used again by what reads: only what is held on to is copied.
    if (from < chunk.length) hold(Uint8Array.prototype.slice.call(chunk, from));
  }
  if (size > 0) yield take();
}

function decoded(line: number, bytes: Uint8Array): TextLine {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: line > 1 }).decode(bytes);
    return { line, text: text.endsWith('\r') ? text.slice(0, -1) : text };
  } catch {
    return { line, fault: 'encoding' };
  }
}
