import { fromBase64, toBase64 } from './base64.js';

/** Size and root of a log at one moment (C2SP tlog-checkpoint v1.0.0). */
export interface Checkpoint {
  /** Name of the log. */
  readonly origin: string;
  /** Number of entries. */
  readonly size: number;
  /** SHA-256, 32 bytes. */
  readonly root: Uint8Array;
}

/** Returns the text that is signed: three lines, without extension lines. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/**
 * Returns what the text of a checkpoint says, or undefined if the text is none. Extension lines, which Tereze never
 * writes, are taken and left alone.
 */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  if (!text.endsWith('\n')) return undefined;
  const [origin, sizeText, rootText, ...extensions] = text.slice(0, -1).split('\n');
  if (origin === undefined || origin === '' || extensions.includes('')) return undefined;
  const size = parseDecimal(sizeText ?? '');
  const root = fromBase64(rootText ?? '');
  return size === undefined || root?.length !== 32 ? undefined : { origin, size, root };
}

/** Returns a whole number in ASCII without leading zeroes, or undefined if the text is none, or one above 2^53 - 1. */
export function parseDecimal(text: string): number | undefined {
  const value = /^(?:0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}
