// Imports nothing: a page reads kept answers too, where there is no Node.

/** An answer as a caller keeps it: `{data?, errors?, extensions}`. Nothing in it has been checked. */
export interface KeptAnswer {
  readonly data?: unknown;
  readonly errors?: unknown;
  readonly extensions?: { readonly tereze?: { readonly receipt?: KeptReceipt } };
}

/** The receipt in a kept answer. */
export interface KeptReceipt {
  readonly log: string;
  readonly index: number;
  readonly leafHash: string;
  readonly salt: string;
}

/** Name of a log: `<origin>/<number>`, or `tereze/<number>` in receipts of before logs had an origin. */
const LOG = /^[a-z0-9][a-z0-9._~:/-]*\/\d{1,9}$/i;
const HEX = /^(?:[0-9a-f]{2})+$/;

/** Returns a parsed JSON value as a kept answer; one without members if it is no object. */
export function keptAnswer(value: unknown): KeptAnswer {
  return typeof value === 'object' && value !== null ? (value as KeptAnswer) : {};
}

/** Returns the receipt of an answer, or undefined if it has none that is complete. */
export function readReceipt({ extensions }: KeptAnswer): KeptReceipt | undefined {
  const receipt = extensions?.tereze?.receipt;
  const isComplete =
    matches(LOG, receipt?.log) &&
    matches(HEX, receipt?.leafHash) &&
    matches(HEX, receipt?.salt) &&
    Number.isSafeInteger(receipt?.index) &&
    Number(receipt?.index) >= 0;
  return isComplete ? receipt : undefined;
}

/** Returns the part of an answer that its entry commits to. */
export function committedPart(answer: KeptAnswer): object {
  return {
    ...('data' in answer ? { data: answer.data } : {}),
    ...('errors' in answer ? { errors: answer.errors } : {}),
  };
}

function matches(pattern: RegExp, value: unknown): boolean {
  return typeof value === 'string' && pattern.test(value);
}
