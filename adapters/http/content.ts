import { z } from 'zod';
import { decoded, encodingOf } from './charset.js';
import { Unreadable } from './unreadable.js';

/** JSON and every type that says that it is JSON (RFC 6839, section 3.1). */
export const JSON_TYPES = /^(?:(?:application|text)\/json|[^/;]+\/[^/;]+\+json)$/;

/** Part of every `source.yaml` of a register over HTTP: what its answers say of themselves, or do not say. */
export const contentSource = {
  charset: z
    .string()
    .refine(isCharset, 'is no label of the Encoding Standard')
    .optional()
    .describe('Charset of answers that are not in UTF-8: `windows-1251`. An answer that names another one is refused.'),
  content_type: z
    .literal('missing')
    .optional()
    .describe('`missing`: the register sends no Content-Type. One that it sends is checked all the same.'),
};

/** Returns the rules that a `source.yaml` states. */
export function contentOf({
  charset,
  content_type: contentType,
}: {
  readonly charset?: string | undefined;
  readonly content_type?: 'missing' | undefined;
}): Omit<ContentRules, 'mediaTypes'> {
  return { charset, mayBeMissing: contentType === 'missing' };
}

export interface ContentRules {
  /** Media types of the protocol, without parameters, in lower case. */
  readonly mediaTypes: RegExp;
  /** Charset of a text that names none. UTF-8 is always read. */
  readonly charset?: string | undefined;
  /** Whether an answer may come without a `Content-Type`. */
  readonly mayBeMissing?: boolean | undefined;
}

/**
 * Returns the text of a body. Throws {@link Unreadable}: `content_type` for another media type, `charset` for one that is
 * not expected, `text_invalid` for bytes that are not of the charset. A byte order mark is left out.
 */
export type ReadContent = (contentType: string | undefined, body: Buffer) => string;

type Decode = (body: Buffer) => string;

/** Compiles the rules. A register mostly sends the same `Content-Type`, so the last one is remembered. */
export function compileContent(rules: ContentRules): ReadContent {
  let last: { readonly contentType: string | undefined; readonly decode: Decode } | undefined;
  return (contentType, body) => {
    if (last === undefined || last.contentType !== contentType)
      last = { contentType, decode: decoderFor(contentType, rules) };
    return last.decode(body);
  };
}

function decoderFor(
  contentType: string | undefined,
  { mediaTypes, charset: expected, mayBeMissing = false }: ContentRules,
): Decode {
  if (contentType === undefined || contentType.trim() === '') {
    if (!mayBeMissing) throw new Unreadable('content_type');
    return decoder(expected ?? 'utf-8');
  }
  const [named = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  if (!mediaTypes.test(named.toLowerCase())) throw new Unreadable('content_type');
  const label = charsetIn(parameters) ?? expected ?? 'utf-8';
  const encoding = encodingOf(label);
  if (encoding !== 'utf-8' && (expected === undefined || encoding !== encodingOf(expected)))
    throw new Unreadable('charset');
  return decoder(label);
}

/** The first one counts (WHATWG MIME Sniffing, section 4.4). */
function charsetIn(parameters: readonly string[]): string | undefined {
  const charset = parameters.find((parameter) => /^charset\s*=/i.test(parameter));
  return charset
    ?.slice(charset.indexOf('=') + 1)
    .trim()
    .replace(/^"(.*)"$/, '$1');
}

function decoder(label: string): Decode {
  const encoding = encodingOf(label) ?? label;
  return (body) => {
    const text = decoded(body, encoding);
    if (text === undefined) throw new Unreadable('text_invalid');
    return text;
  };
}

function isCharset(label: string): boolean {
  return encodingOf(label) !== undefined;
}
