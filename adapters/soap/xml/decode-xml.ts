import { decoded, encodingOf } from '../../http/charset.js';
import { AnswerRefused } from '../answer-refused.js';

const DECLARED = /^<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z][\w.-]*)["']/;
const IN_HEADER = /;\s*charset\s*=\s*"?([^";\s]+)"?/i;

/**
 * Returns the text of an XML document. Its charset, in the `Content-Type` and in the XML declaration, must be UTF-8 or the
 * one of the mapping, which is also taken where neither names one. Throws {@link AnswerRefused} for another charset, for
 * two that differ, and for bytes that the charset does not have.
 */
export function decodeXml(bytes: Buffer, contentType: string, charset: string): string {
  const declared = DECLARED.exec(
    bytes
      .subarray(0, 200)
      .toString('latin1')
      .replace(/^\u00ef\u00bb\u00bf/, ''),
  )?.[1];
  const named = [IN_HEADER.exec(contentType)?.[1], declared].flatMap((label) =>
    label === undefined ? [] : [encodingOf(label)],
  );
  const own = encodingOf(charset);
  const encoding = named[0] ?? own;
  if (encoding === undefined || named.some((other) => other !== encoding)) throw new AnswerRefused('charset');
  if (encoding !== 'utf-8' && encoding !== own) throw new AnswerRefused('charset');
  const text = decoded(bytes, encoding);
  if (text === undefined) throw new AnswerRefused('text_invalid');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
