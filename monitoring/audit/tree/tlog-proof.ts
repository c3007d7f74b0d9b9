import { fromBase64, toBase64 } from './base64.js';
import { parseDecimal } from './checkpoint.js';

/** An inclusion proof with its checkpoint (C2SP tlog-proof). Nothing in it has been checked. */
export interface TlogProof {
  readonly index: number;
  /** From the leaf's sibling up to the root's child. */
  readonly proof: readonly Uint8Array[];
  /** The signed note of the checkpoint, verbatim. */
  readonly checkpoint: string;
  /** Bytes that nothing authenticates. */
  readonly extra?: Uint8Array | undefined;
}

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';
const HASH_BYTES = 32;
/** A tree of 2^63 leaves has no longer one. */
const MAX_PROOF = 63;

export function formatTlogProof({ index, proof, checkpoint, extra }: TlogProof): string {
  const head = [FIRST_LINE, ...(extra === undefined ? [] : [`extra ${toBase64(extra)}`]), `index ${index}`];
  return `${[...head, ...proof.map(toBase64)].join('\n')}\n\n${checkpoint}`;
}

/** Returns what a proof says, or undefined if the text is none. */
export function parseTlogProof(text: string): TlogProof | undefined {
  const blank = text.indexOf('\n\n');
  if (blank === -1) return undefined;
  const [first, ...lines] = text.slice(0, blank).split('\n');
  if (first !== FIRST_LINE) return undefined;
  const extraText = lines[0]?.startsWith('extra ') === true ? lines.shift()?.slice('extra '.length) : undefined;
  const extra = extraText === undefined ? undefined : fromBase64(extraText);
  const [indexLine = '', ...hashes] = lines;
  const index = indexLine.startsWith('index ') ? parseDecimal(indexLine.slice('index '.length)) : undefined;
  const proof = hashes.map(fromBase64);
  const isSound = (hash: Uint8Array | undefined): hash is Uint8Array => hash?.length === HASH_BYTES;
  if (index === undefined || proof.length > MAX_PROOF || !proof.every(isSound)) return undefined;
  if (extraText !== undefined && extra === undefined) return undefined;
  return { index, proof, checkpoint: text.slice(blank + 2), ...(extra === undefined ? {} : { extra }) };
}
