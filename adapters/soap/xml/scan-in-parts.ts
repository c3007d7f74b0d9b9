import { setImmediate } from 'node:timers/promises';
import { XmlScanner } from './scanner.js';
import type { XmlEvents } from './tag.js';

/** Characters that are read in one turn of the event loop: in a few milliseconds. */
export const PART_LENGTH = 32_768;

/** Lets others have their turn of the event loop. */
export type Turn = () => Promise<void>;

export const nextTurn: Turn = () => setImmediate();

/**
 * Reads a whole document, a long one in several turns of the event loop. Rejects with `XmlRefused`, and with what an event
 * throws.
 */
export async function scanInParts(xml: string, events: XmlEvents, turn = nextTurn): Promise<void> {
  const scanner = new XmlScanner(xml, events);
  while (!scanner.advance(PART_LENGTH)) if (xml.length > PART_LENGTH) await turn();
}
