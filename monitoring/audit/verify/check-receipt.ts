import { committedPart, keptAnswer, readReceipt, type KeptReceipt } from '../answer/kept-answer.js';
import { isIncluded } from '../tree/check-proofs.js';
import { parseCheckpoint, type Checkpoint } from '../tree/checkpoint.js';
import type { NodeHash } from '../tree/hashes.js';
import { parseTlogProof, type TlogProof } from '../tree/tlog-proof.js';

// Imports no module of Node: a page checks receipts too. It brings its own hashes and signatures.

/** One check. Checks are made in order; the first that does not hold ends the verification. */
export interface ReceiptCheck {
  readonly check:
    | 'answer has a receipt'
    | 'proof is one, of the receipt’s entry'
    | 'proof holds the entry, or it was given'
    | 'entry hashes to the receipt’s leaf'
    | 'answer is the one that the entry commits to'
    | 'checkpoint is signed by a given key'
    | 'checkpoint is of the receipt’s log'
    | 'leaf is in the tree of the checkpoint';
  readonly holds: boolean;
}

/** How many checks there are: a receipt is verified if all were made and hold. */
const CHECKS = 8;

export interface ReceiptVerification {
  readonly verified: boolean;
  readonly checks: readonly ReceiptCheck[];
}

/** Hashes and signatures, as the place where this runs has them. */
export interface ReceiptCrypto {
  /** SHA-256(0x00 ‖ entry). */
  readonly leafHash: (entry: Uint8Array) => Uint8Array;
  readonly nodeHash: NodeHash;
  /** Hex of SHA-256(salt ‖ RFC 8785 of the value); the salt as hex. */
  readonly commitment: (salt: string, value: unknown) => string;
  /** Returns text and names of the keys of a note that a trusted key signed, or undefined. */
  readonly openNote: (note: string) => { readonly text: string; readonly names: readonly string[] } | undefined;
}

/** What a receipt is checked with. */
export interface ReceiptEvidence {
  /** A parsed JSON value: the answer as it was received. */
  readonly kept: unknown;
  /** A `.tlog-proof` (C2SP tlog-proof). */
  readonly proof: string;
  /** The bytes of the entry, if the proof does not hold them. */
  readonly entry?: Uint8Array | undefined;
}

/** Checks a kept answer offline: answer, commitment, leaf, checkpoint signature, inclusion. Never throws. */
export function checkReceipt(
  { kept, proof: text, entry }: ReceiptEvidence,
  crypto: ReceiptCrypto,
): ReceiptVerification {
  const checks: ReceiptCheck[] = [];
  const holds = (check: ReceiptCheck['check'], result: boolean): boolean => {
    checks.push({ check, holds: result });
    return result;
  };
  const answer = keptAnswer(kept);
  const receipt = readReceipt(answer);
  if (!holds('answer has a receipt', receipt !== undefined) || receipt === undefined)
    return { verified: false, checks };
  const proof = parseTlogProof(text);
  const isOfEntry = proof?.index === receipt.index;
  if (!holds('proof is one, of the receipt’s entry', isOfEntry) || proof === undefined)
    return { verified: false, checks };
  checkEntry({ answer: committedPart(answer), receipt, bytes: entry ?? proof.extra }, crypto, holds);
  if (checks.every((check) => check.holds)) checkTree(receipt, proof, crypto, holds);
  return { verified: checks.length === CHECKS && checks.every((check) => check.holds), checks };
}

type Holds = (check: ReceiptCheck['check'], result: boolean) => boolean;

interface CommittedAnswer {
  readonly answer: object;
  readonly receipt: KeptReceipt;
  readonly bytes: Uint8Array | undefined;
}

function checkEntry({ answer, receipt, bytes }: CommittedAnswer, crypto: ReceiptCrypto, holds: Holds): void {
  if (!holds('proof holds the entry, or it was given', bytes !== undefined) || bytes === undefined) return;
  if (!holds('entry hashes to the receipt’s leaf', hexOf(crypto.leafHash(bytes)) === receipt.leafHash)) return;
  const committed = committedOf(bytes);
  holds(
    'answer is the one that the entry commits to',
    committed !== undefined && committed === crypto.commitment(receipt.salt, answer),
  );
}

function checkTree(receipt: KeptReceipt, proof: TlogProof, crypto: ReceiptCrypto, holds: Holds): void {
  const opened = crypto.openNote(proof.checkpoint);
  const checkpoint = opened && parseCheckpoint(opened.text);
  if (!holds('checkpoint is signed by a given key', checkpoint !== undefined)) return;
  if (opened === undefined || checkpoint === undefined) return;
  const isOfLog = opened.names.includes(checkpoint.origin) && isLogOf(receipt.log, checkpoint);
  if (!holds('checkpoint is of the receipt’s log', isOfLog)) return;
  const leaf = bytesOf(receipt.leafHash);
  const { size, root } = checkpoint;
  holds(
    'leaf is in the tree of the checkpoint',
    isIncluded({ leaf, index: receipt.index, size, root, proof: proof.proof }, crypto.nodeHash),
  );
}

/** Receipts of before logs had an origin name the log by its number only, as `tereze/0`. */
function isLogOf(log: string, { origin }: Checkpoint): boolean {
  return log === origin || (/^tereze\/\d+$/.test(log) && origin.endsWith(log.slice(log.lastIndexOf('/'))));
}

/** Returns the commitment to the answer in the bytes of an entry, or undefined if there is none. */
function committedOf(bytes: Uint8Array): string | undefined {
  try {
    const body: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    const answer = typeof body === 'object' && body !== null && 'answer' in body ? body.answer : undefined;
    return typeof answer === 'string' ? answer : undefined;
  } catch {
    return undefined;
  }
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
