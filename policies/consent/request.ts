import { z } from 'zod';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Random } from '../../schemas/ports/random.js';
import { createSeal } from '../seal.js';
import { deriveKey } from '../secret.js';

/** What a citizen is to be asked. */
export interface ConsentRequest {
  readonly agency: string;
  readonly purpose: string;
  /** Absent: any case of this agency and purpose. */
  readonly caseNumber?: string | undefined;
  readonly categories: readonly string[];
  /** The only person who may answer; absent: whoever opens it, about themselves. */
  readonly subject?: string | undefined;
}

/**
 * Consent requests as sealed tokens: an agency carries one to the citizen and can read nothing in it.
 *
 * Contract: form and length follow from agency, purpose, case and categories alone, whoever the
 * subject is and whether anybody has that number; two tokens for one question differ (random nonce).
 */
export interface ConsentRequests {
  seal(request: ConsentRequest): string;
  /** Undefined for anything that this installation did not seal, and after its end. */
  open(token: string): ConsentRequest | undefined;
}

export interface ConsentRequestsOptions {
  /** Secret of the installation, at least 32 bytes. */
  readonly secret: Buffer;
  readonly clock: Clock;
  readonly random: Random;
  /** Days that a request can be answered. */
  readonly days: number;
}

const CONTEXT = 'tereze/consent-request/v1';
const PREFIX = 'cr1_';
/** Subjects are written this wide, absent ones too: the length of a token never tells who is meant. */
const SUBJECT_WIDTH = 32;
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
      const form = {
        ...request,
        categories: [...request.categories].sort(),
        subject: (request.subject ?? '').padEnd(SUBJECT_WIDTH),
        until,
      };
      const plain = padded(JSON.stringify(form));
      return `${PREFIX}${seal.seal(plain, CONTEXT).toString('base64url')}`;
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

/** JSON ignores the spaces that fill the last block. */
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
