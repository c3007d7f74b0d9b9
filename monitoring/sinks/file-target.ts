import { open, type FileHandle } from 'node:fs/promises';
import type { OcsfEvent } from '../audit/formats/ocsf/event.js';
import { NotDelivered, type SinkTarget } from './target.js';

const LINE_FEED = 0x0a;

/**
 * Appends events to a file, one a line, and has them on disk before they count as delivered. The file is opened for each
 * batch, so that another program may rename it. What a write that broke off left of a line is cut off before the next one.
 */
export class FileTarget implements SinkTarget {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  async deliver(events: readonly OcsfEvent[]): Promise<void> {
    const text = events.map((event) => `${JSON.stringify(event)}\n`).join('');
    try {
      const file = await open(this.#file, 'a+', 0o600);
      try {
        await cutTornLine(file);
        await file.appendFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
    } catch {
      throw new NotDelivered('file');
    }
  }

  async close(): Promise<void> {
    // Holds nothing open between two batches.
  }
}

const LOOK_BACK = 65_536;

/** Cuts off what stands behind the last line feed. */
async function cutTornLine(file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  let end = size;
  while (end > 0) {
    const length = Math.min(LOOK_BACK, end);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, end - length);
    const last = buffer.lastIndexOf(LINE_FEED);
    end = last < 0 ? end - length : end - length + last + 1;
    if (last >= 0) break;
  }
  if (end < size) await file.truncate(end);
}
