import { z } from 'zod';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Random } from '../../schemas/ports/random.js';
import { LONGEST_CASE_NUMBER } from '../../schemas/caller-texts/case-number.js';
import { createSeal, sealedLength } from '../seal.js';
import { deriveKey } from '../secret.js';

/** A question to a citizen: may this agency use these categories for this purpose? */
export interface ConsentRequest {
  readonly agency: string;
  readonly purpose: string;
  /** Absent: any case of this agency and purpose. */
  readonly caseNumber?: string | undefined;
  readonly categories: readonly string[];
  /** The only person who may answer. Absent: the person who opens the request answers about themselves. */
  readonly subject?: string | undefined;
}

/**
 * Consent requests as sealed tokens. An agency passes a token to the citizen and cannot read it.
 *
 * Contract: form and length of a token depend on agency, purpose, case and categories only, not on the
 * subject and not on whether a person has that number. Two tokens for one question differ (random nonce).
 */
export interface ConsentRequests {
  seal(request: ConsentRequest): string;
  /** Returns the request, or undefined for a token that this installation did not seal or that has ended. */
  open(token: string): ConsentRequest | undefined;
}

export interface ConsentRequestsOptions {
  /** Secret of the installation, at least 32 bytes. */
  readonly secret: Buffer;
  readonly clock: Clock;
  readonly random: Random;
  /** For how many days a request can be answered. */
  readonly days: number;
}

/** The words of which the requests of an installation consist. */
export interface RequestWords {
  readonly agencies: Iterable<string>;
  /** Purposes that may rest on consent. */
  readonly purposes: Iterable<string>;
  readonly categories: Iterable<string>;
}

const CONTEXT = 'tereze/consent-request/v1';
const PREFIX = 'cr1_';
/** Every subject is padded to this width, an absent one too, so that the length of a token reveals nothing about it. */
const SUBJECT_WIDTH = 32;
/** The latest instant of JavaScript (ECMA-262, section 21.4.1.1), with the most digits. */
const LAST_INSTANT = 8_640_000_000_000_000;
const BLOCK_BYTES = 256;
const DAY_MS = 86_400_000;

const sealedForm = z.strictObject({
  agency: z.string(),
  purpose: z.string(),
  caseNumber: z.string().optional(),
  categories: z.array(z.string()).min(1),
  subject: z.string(),
  until: z.number(),
});

export function createConsentRequests({ secret, clock, random, days }: ConsentRequestsOptions): ConsentRequests {
  const seal = createSeal(deriveKey(secret, CONTEXT), random);
  return {
    seal: (request) => {
      const until = clock.now().getTime() + days * DAY_MS;
      return tokenOf(seal.seal(plainForm(request, until), CONTEXT));
    },
    open: (token) => {
      if (!token.startsWith(PREFIX)) return undefined;
      const plain = seal.open(Buffer.from(token.slice(PREFIX.length), 'base64url'), CONTEXT);
      if (plain === undefined) return undefined;
      const form = sealedForm.parse(JSON.parse(plain.toString('utf8')));
      return form.until > clock.now().getTime() ? requestOf(form) : undefined;
    },
  };
}

/**
 * Returns the length of the longest token for these words: one for all categories. What takes a request
 * takes tokens up to this length.
 */
export function longestRequest({ agencies, purposes, categories }: RequestWords): number {
  const longest = {
    agency: longestOf(agencies),
    purpose: longestOf(purposes),
    caseNumber: LONGEST_CASE_NUMBER,
    categories: [...categories],
  };
  return tokenOf(Buffer.alloc(sealedLength(plainForm(longest, LAST_INSTANT).length))).length;
}

function longestOf(words: Iterable<string>): string {
  return [...words].reduce((longest, word) => (word.length > longest.length ? word : longest), '');
}

function tokenOf(sealed: Buffer): string {
  return `${PREFIX}${sealed.toString('base64url')}`;
}

function plainForm(request: ConsentRequest, until: number): Buffer {
  return padded(
    JSON.stringify({
      ...request,
      categories: [...request.categories].sort(),
      subject: (request.subject ?? '').padEnd(SUBJECT_WIDTH),
      until,
    }),
  );
}

/** Fills the last block with spaces, which JSON ignores. */
function padded(text: string): Buffer {
  const plain = Buffer.from(text);
  return Buffer.concat([plain, Buffer.alloc(BLOCK_BYTES - (plain.length % BLOCK_BYTES), ' ')]);
}

function requestOf({ agency, purpose, caseNumber, categories, subject }: z.output<typeof sealedForm>): ConsentRequest {
  const person = subject.trimEnd();
  return {
    agency,
    purpose,
    categories,
    ...(caseNumber === undefined ? {} : { caseNumber }),
    ...(person === '' ? {} : { subject: person }),
  };
}
