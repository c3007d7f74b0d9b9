import fc from 'fast-check';

/** What breaks parsers, and what is easily taken for something else. */
const FRAGMENTS = [
  '{',
  '}',
  '[',
  ']',
  '(',
  ')',
  '"',
  '\\',
  ':',
  ',',
  '...',
  '$',
  '@',
  '!',
  '#',
  '\u0000',
  '\r\n',
  '\ufeff',
  '\u202e',
  '\ud83d',
  '\u0456',
  '\u0430',
  '\uff10',
  '"__proto__":',
  '"constructor":',
  '__typename',
  '@skip(if: true)',
  '@include(if: $x)',
  '"""',
  '1e400',
  '-0',
  '99999999999999999999',
  'null',
  '\\u0000',
  '\\ud800',
  'fragment F on Query { ...F }',
  'mutation',
  'subscription',
  '... on Person',
  'query A { __schema { types { name } } }',
  '"documentId":"HousingQueue",',
  '"operationName":"X",',
  '%00',
  ' HTTP/1.1\r\n',
] as const;

/** A text after one edit: something left out, put in, said twice or moved. */
function editOf(text: string): fc.Arbitrary<string> {
  const place = fc.nat({ max: Math.max(0, text.length) });
  return fc
    .tuple(
      fc.constantFrom('cut', 'insert', 'twice', 'move', 'truncate', 'repeat'),
      place,
      fc.nat({ max: 40 }),
      fc.constantFrom(...FRAGMENTS),
      place,
    )
    .map(([edit, at, length, fragment, to]) => {
      const piece = text.slice(at, at + length);
      const without = text.slice(0, at) + text.slice(at + length);
      if (edit === 'cut') return without;
      if (edit === 'insert') return text.slice(0, at) + fragment + text.slice(at);
      if (edit === 'twice') return text.slice(0, at) + piece + text.slice(at);
      if (edit === 'move') return without.slice(0, to) + piece + without.slice(to);
      if (edit === 'truncate') return text.slice(0, at);
      return text.slice(0, at) + fragment.repeat(length * 5) + text.slice(at);
    });
}

/** A text after one to six edits. */
export function mutationOf(text: string): fc.Arbitrary<string> {
  const edits = (times: number): fc.Arbitrary<string> =>
    times === 0 ? fc.constant(text) : edits(times - 1).chain(editOf);
  return fc.integer({ min: 1, max: 6 }).chain(edits);
}
