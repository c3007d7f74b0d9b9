/** Escapes that XML Schema has and ECMA-262 has not: names in XML, and blocks of Unicode. */
const UNKNOWN_ESCAPE = /\\[icIC]|\\[pP]\{Is/;

/**
 * Returns patterns of XML Schema (part 2, appendix F) as one of ECMA-262: a value must match one of them as a whole.
 * Undefined if one cannot be written so.
 */
export function ecmaPattern(patterns: readonly string[]): string | undefined {
  const all = patterns.map(written);
  return all.some((one) => one === undefined) ? undefined : `^(?:${all.join('|')})$`;
}

function written(pattern: string): string | undefined {
  if (UNKNOWN_ESCAPE.test(pattern)) return undefined;
  let text = '';
  let inClass = false;
  for (let at = 0; at < pattern.length; at += 1) {
    const letter = pattern.charAt(at);
    if (letter === '\\') {
      at += 1;
      // Only in a class may ECMA-262 escape it.
      text += pattern.charAt(at) === '-' && !inClass ? '-' : letter + pattern.charAt(at);
    } else if (inClass) {
      // One class without those of another.
      if (letter === '[') return undefined;
      inClass = letter !== ']';
      text += letter;
    } else {
      inClass = letter === '[';
      // No anchors in XML Schema.
      text += letter === '^' || letter === '$' ? `\\${letter}` : letter;
    }
  }
  try {
    new RegExp(text, 'u');
    return text;
  } catch {
    return undefined;
  }
}
