import { isObject } from '../../schemas/objects.js';
import { callOn, type LogLine } from './log-line.js';
import { textLines } from './text-lines.js';

/** Reads a call on each line, as JSON: `callId`, and `requestInTs` and `responseOutTs` if the log has them. Empty lines are none. */
export async function* readJsonLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<LogLine> {
  for await (const read of textLines(bytes)) {
    if ('fault' in read) yield { kind: 'broken', ...read };
    else if (read.text.trim() !== '') yield lineOf(read);
  }
}

function lineOf({ line, text }: { readonly line: number; readonly text: string }): LogLine {
  const record = parsedObject(text);
  if (record === undefined) return { kind: 'broken', line, fault: 'json' };
  const { callId, requestInTs, responseOutTs } = record;
  return callOn(line, { id: callId, requestInTs, responseOutTs });
}

/** Returns the JSON object that a text is; undefined for any other text. */
export function parsedObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
