import { committedPart, keptAnswer, readReceipt, type KeptReceipt } from '../answer/kept-answer.js';
import { parseTlogProof } from '../tree/tlog-proof.js';
import { checkInclusion, hexOf, type InclusionCheck, type LogCrypto } from './check-inclusion.js';

// Imports no module of Node: a page checks receipts too. It brings its own hashes and signatures.

/** One check. Checks are made in order; the first that does not hold ends the verification. */
export interface ReceiptCheck {
  readonly check:
    | 'answer has a receipt'
    | 'proof is one, of the receipt’s entry'
    | 'proof holds the entry, or it was given'
    | 'entry hashes to the receipt’s leaf'
    | 'answer is the one that the entry commits to'
    | InclusionCheck;
  readonly holds: boolean;
}

/** How many checks there are: a receipt is verified if all were made and hold. */
const CHECKS = 8;

export interface ReceiptVerification {
  readonly verified: boolean;
  readonly checks: readonly ReceiptCheck[];
}

/** The same, with commitments to answers. */
export interface ReceiptCrypto extends LogCrypto {
  /** Hex of SHA-256(salt ‖ RFC 8785 of the value); the salt as hex. */
  readonly commitment: (salt: string, value: unknown) => string;
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
  if (checks.every((check) => check.holds)) checkInclusion(receipt, proof, crypto, holds);
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
