import { Lexer, Source, TokenKind } from 'graphql';
import { identityNumbersIn } from '../../schemas/caller-texts/identity-numbers.js';
import { isIin } from '../../schemas/identifiers/iin.js';
import { isObject } from '../../schemas/objects.js';
import type { NamedPeople } from '../request.js';

const HANDLE = /\bph_[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/g;
const IIN_LENGTH = 12;

/** Values of a document in which a number may stand, unlike names and punctuation. */
const LITERALS: ReadonlySet<string> = new Set([TokenKind.STRING, TokenKind.BLOCK_STRING]);

/**
 * Returns every possible number of a person and every handle in a body that could not be planned, each
 * once and at most one more than `max` of both: those in variables before those in the text. Never
 * throws: the body may have any form.
 */
export function mentionedIn(body: unknown, max: number): NamedPeople {
  const numbers = new Set<string>();
  const handles = new Set<string>();
  for (const text of textsIn(body)) {
    for (const number of identityNumbersIn(text)) if (isIin(number)) numbers.add(number);
    for (const [handle] of text.matchAll(HANDLE)) handles.add(handle);
    if (numbers.size > max || handles.size > max) break;
  }
  return { numbers: [...numbers].slice(0, max + 1), handles: [...handles].slice(0, max + 1) };
}

/** Yields all texts of a body: the document last, because it can also be long. */
function* textsIn(body: unknown): Iterable<string> {
  if (!isObject(body)) return yield* leaves(body);
  const { query, ...rest } = body;
  yield* leaves(rest);
  if (typeof query !== 'string') return yield* leaves(query);
  yield* literalsOf(query);
  yield query;
}

/** Yields texts and numbers of a JSON value, at any depth, without recursion. */
function* leaves(root: unknown): Iterable<string> {
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string') yield value;
    else if (typeof value === 'number') yield String(value).padStart(IIN_LENGTH, '0');
    else if (typeof value === 'object' && value !== null)
      for (const inner of Object.values(value).reverse()) waiting.push(inner);
  }
}

/** Yields the values of string literals with their escapes resolved, up to the first character that is not GraphQL. */
function* literalsOf(document: string): Iterable<string> {
  const lexer = new Lexer(new Source(document));
  try {
    for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance())
      if (LITERALS.has(token.kind)) yield token.value;
  } catch {
    // The rest of the text is read as it stands.
  }
}
