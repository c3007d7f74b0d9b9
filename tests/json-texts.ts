import fc from 'fast-check';
import { codeUnit } from './code-units.js';

/** A value of JSON as a text shows it: members in order, numerals by their digits. */
export type JsonTree =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'numeral'; readonly source: string }
  | { readonly kind: 'word'; readonly word: 'true' | 'false' | 'null' }
  | { readonly kind: 'list'; readonly items: readonly JsonTree[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [name: string, value: JsonTree])[] };

const digits = (least: number, most: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: least, maxLength: most });

/** Any numeral of JSON (RFC 8259, section 6), more often one that a double would change. */
export const numeral: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('0', '-0', '3.0', '19.10', '1e2', '1E+2', '9007199254740993', '12345678901234567.89', '1e400'),
  fc.constantFrom('0.0000001', '0.000001', '-0.0', '1e-400', '100', '999999999999999', '1.5', '123456789012345.0'),
  fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.oneof(
        fc.constant('0'),
        digits(1, 22).map((all) => all.replace(/^0+(?=\d)/, '')),
      ),
      fc.oneof(
        fc.constant(''),
        digits(1, 20).map((all) => `.${all}`),
      ),
      fc.oneof(
        { weight: 4, arbitrary: fc.constant('') },
        fc.tuple(fc.constantFrom('e', 'E', 'e+', 'E-'), digits(1, 3)).map((parts) => parts.join('')),
      ),
    )
    .map((parts) => parts.join('')),
);

/** Texts with what a quick look could take for numerals, names and escapes. */
export const wilyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.string({ unit: codeUnit, maxLength: 4 }),
  fc.constantFrom(
    ':',
    '":',
    '": ',
    '\\',
    '\\"',
    '\\u0000',
    '\\ud800',
    '{',
    '}',
    '[',
    ']',
    ',',
    '',
    '__proto__x',
    '10:00:00.000',
  ),
  fc.constantFrom(
    ' 19.10,',
    '9007199254740993',
    '1e5,',
    ':1.0,',
    'constructor',
    'toString',
    '0',
    '17',
    '\u2028',
    'Жұмабек',
  ),
);

const word = fc.constantFrom('true' as const, 'false' as const, 'null' as const);

/** Trees without a name twice in an object, at most `depth` levels deep. */
export function jsonTree(depth = 4): fc.Arbitrary<JsonTree> {
  const { tree } = fc.letrec<{ tree: JsonTree; leaf: JsonTree }>((tie) => ({
    leaf: fc.oneof(
      wilyText.map((text) => ({ kind: 'text', text }) as const),
      numeral.map((source) => ({ kind: 'numeral', source }) as const),
      word.map((one) => ({ kind: 'word', word: one }) as const),
    ),
    tree: fc.oneof(
      { maxDepth: depth, depthIdentifier: 'tree' },
      tie('leaf'),
      fc
        .array(tie('tree'), { maxLength: 4, depthIdentifier: 'tree' })
        .map((items) => ({ kind: 'list', items }) as const),
      fc
        .uniqueArray(fc.tuple(wilyText, tie('tree')), {
          maxLength: 5,
          selector: ([name]) => name,
          depthIdentifier: 'tree',
        })
        .map((members) => ({ kind: 'object', members }) as const),
    ),
  }));
  return tree;
}

/** How a text is laid out: each call of `pick` returns a whole number below its argument. */
export interface Layout {
  pick(below: number): number;
}

/** Layouts from the picks of fast-check, repeated without end. */
export const layout: fc.Arbitrary<Layout> = fc.array(fc.nat(999), { minLength: 1, maxLength: 40 }).map((picks) => {
  let at = 0;
  return { pick: (below) => (picks[at++ % picks.length] ?? 0) % below };
});

/** Prints a tree: with white space and escapes wherever the layout wants them. */
export function printJson(tree: JsonTree, layout: Layout): string {
  const gap = (): string => ['', '', '', ' ', '\n\t', ' \r\n '][layout.pick(6)] ?? '';
  const around = (text: string): string => `${gap()}${text}${gap()}`;
  switch (tree.kind) {
    case 'text':
      return around(printText(tree.text, layout));
    case 'numeral':
      return around(tree.source);
    case 'word':
      return around(tree.word);
    case 'list':
      return around(`[${tree.items.map((item) => printJson(item, layout)).join(',') || gap()}]`);
    case 'object':
      return around(
        `{${tree.members.map(([name, value]) => `${around(printText(name, layout))}:${printJson(value, layout)}`).join(',') || gap()}}`,
      );
  }
}

function printText(text: string, layout: Layout): string {
  const escapesAll = layout.pick(4) === 0;
  const units = text.split('').map((unit) => {
    const code = unit.charCodeAt(0);
    if (escapesAll || code < 0x20 || (code >= 0xd800 && code <= 0xdfff))
      return `\\u${code.toString(16).padStart(4, '0')}`;
    return unit === '"' || unit === '\\' ? `\\${unit}` : unit;
  });
  return `"${units.join('')}"`;
}
