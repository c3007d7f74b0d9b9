import { expect } from 'chai';
import fc from 'fast-check';
import { createExactJsonParser, parseExactJson } from '../../../schemas/json/exact-json.js';
import { Numeral } from '../../../schemas/numeral.js';
import { JsonInvalid } from '../../../schemas/json/strict-json.js';
import { jsonTree, layout, numeral, printJson, type JsonTree, type Layout } from '../../json-texts.js';
import { readReference } from '../../reference-json.js';

const RUNS = Number(process.env['JSON_RUNS'] ?? 500);

const outcome = (text: string): { readonly value: unknown } | { readonly rule: string } => {
  try {
    return { value: parseExactJson(text) };
  } catch (error) {
    if (error instanceof JsonInvalid) return { rule: error.rule };
    throw error;
  }
};

/** No white space and no needless escapes. */
const COMPACT: Layout = { pick: (below) => (below === 4 ? 1 : 0) };

/** Each numeral of a value by its digits: a number stands for those that `String` writes. */
const sources = (value: unknown): unknown => {
  if (value instanceof Numeral) return { numeral: value.source };
  if (typeof value === 'number') return { numeral: String(value) };
  if (Array.isArray(value)) return value.map(sources);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, sources(inner)]));
};
const bySource = (source: string): unknown => ({ numeral: source });

describe('parseExactJson', () => {
  it('reads every numeral with the digits that a slow reader reads', () => {
    fc.assert(
      fc.property(jsonTree(), layout, (tree, laid) => {
        const text = printJson(tree, laid);
        const { value, broken } = readReference(text, bySource);
        const read = outcome(text);
        if ('rule' in read) expect([...broken], text).to.include(read.rule);
        else expect([sources(read.value), [...broken]], text).to.deep.equal([value, []]);
      }),
      { numRuns: RUNS },
    );
  });

  it('judges a text with one unit more, less or another like a slow reader', () => {
    const unit = fc.constantFrom(...'"\\:,{}[]0123456789.-+eE u\ttruefalsn\u0000');
    fc.assert(
      fc.property(
        ...([jsonTree(), layout, fc.nat(), fc.nat(1), fc.oneof(unit, fc.constant(''))] as const),
        (tree, laid, place, cut, more) => {
          const whole = printJson(tree, laid);
          const at = place % (whole.length + 1);
          const text = whole.slice(0, at) + more + whole.slice(at + cut);
          const { value, broken } = readReference(text, bySource);
          const read = outcome(text);
          if ('rule' in read) expect([...broken], text).to.include(read.rule);
          else expect([sources(read.value), [...broken]], text).to.deep.equal([value, []]);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('reads a numeral alone, in a list and in an object in the same way', () => {
    fc.assert(
      fc.property(numeral, layout, (source, laid) => {
        const leaf: JsonTree = { kind: 'numeral', source };
        const expected = sources(parseExactJson(source));
        expect(expected).to.deep.equal({ numeral: source });
        const list = printJson({ kind: 'list', items: [leaf, leaf] }, laid);
        expect(sources(parseExactJson(list))).to.deep.equal([expected, expected]);
        const object = printJson({ kind: 'object', members: [['a', leaf]] }, laid);
        expect(sources(parseExactJson(object))).to.deep.equal({ a: expected });
      }),
      { numRuns: RUNS },
    );
  });

  it('judges objects in which a name may stand twice like a slow reader', () => {
    const name = fc.constantFrom('a', 'b', 'ab', '1', '10', '9', '01', '', '\u00e9', '__proto_');
    const tree = fc.letrec<{ tree: JsonTree }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        numeral.map((source): JsonTree => ({ kind: 'numeral', source })),
        fc.constantFrom('', 'x', ',"a":1', '":"', '\\').map((text): JsonTree => ({ kind: 'text', text })),
        fc
          .array(fc.tuple(name, tie('tree')), { maxLength: 4 })
          .map((members): JsonTree => ({ kind: 'object', members })),
        fc.array(tie('tree'), { maxLength: 3 }).map((items): JsonTree => ({ kind: 'list', items })),
      ),
    })).tree;
    fc.assert(
      fc.property(tree, fc.oneof(fc.constant(COMPACT), layout), (made, laid) => {
        const text = printJson(made, laid);
        const { value, broken } = readReference(text, bySource);
        const read = outcome(text);
        if ('rule' in read) expect([...broken], text).to.include(read.rule);
        else expect([sources(read.value), [...broken]], text).to.deep.equal([value, []]);
      }),
      { numRuns: RUNS },
    );
  });

  it('reads each of several texts as if it were the first', () => {
    const parse = createExactJsonParser();
    fc.assert(
      fc.property(jsonTree(), layout, (tree, laid) => {
        const text = printJson(tree, laid);
        let read: unknown;
        try {
          read = parse(text);
        } catch (error) {
          expect(outcome(text)).to.deep.equal({ rule: (error as JsonInvalid).rule });
          return;
        }
        expect(outcome(text)).to.deep.equal({ value: read });
      }),
      { numRuns: RUNS },
    );
    const long = `[${'"a long text", '.repeat(10_000)}19.10]`;
    expect((parse(long) as unknown[]).at(-1)).to.deep.equal(new Numeral('19.10'));
    expect(parse('[1.50]')).to.deep.equal([new Numeral('1.50')]);
  });

  const kept = [
    ...['9007199254740993', '-9007199254740993', '12345678901234567.89', '19.10', '3.0', '-0', '-0.0', '0.0', '0e0'],
    ...['1e2', '1E+2', '1e400', '0.0000001', '0.1234567890123456', '1.234567890123456', '1234567890123456', '100.00'],
    '0.1000000000000000055511151231257827',
  ];
  const plain = [
    '0.123456789012345',
    '0',
    '1',
    '-1',
    '10',
    '100',
    '19.1',
    '0.1',
    '-0.5',
    '0.000001',
    '123456789012345',
    '-12345678.1234567',
  ];
  for (const source of kept)
    it(`keeps ${source} by its digits`, () => {
      for (const text of [source, `[${source}]`, `{"a":${source}}`, `{ "a" : [ "x", ${source} ] }`])
        expect(JSON.stringify(parseExactJson(text)), text).to.include(`"${source}"`);
    });
  for (const source of plain)
    it(`reads ${source} as a number`, () => {
      expect(parseExactJson(`{"a":[${source}]}`)).to.deep.equal({ a: [Number(source)] });
    });

  it('leaves texts and names alone', () => {
    const value = { '9007199254740993': '1e400', 'a":1.50,"': [' 19.10,', ',3.0]', '\\"19.10'], b: ':-0 ' };
    expect(parseExactJson(JSON.stringify(value))).to.deep.equal(value);
    expect(parseExactJson(`[${JSON.stringify(value)},19.10]`)).to.deep.equal([value, new Numeral('19.10')]);
  });

  it('keeps numerals by names that stand elsewhere in the value, escaped or not', () => {
    for (const text of ['{"a":1.50,"0":2.0}', '{"a":1.50,"\\u0030":2.0}', '{"2":2.0,"a":{"10":1.50,"9":3.0}}'])
      expect(sources(parseExactJson(text)), text).to.deep.equal(readReference(text, bySource).value);
  });

  const refused: readonly (readonly [string, string, string])[] = [
    ['a numeral in the place of a name', '{19.10:1}', 'syntax'],
    ['a numeral in the place of a name, escaped texts around it', '{"\\u0041":"\\\\u0000",19.10:1}', 'syntax'],
    ['a kept numeral in the place of the name of an object', '{"a":19.10,1.50:{}}', 'syntax'],
    ['a kept numeral in the place of a name, beside another', '{"a":19.10,1.50:1}', 'syntax'],
    ['a kept numeral in the place of a name, in another object', '[{"a":19.10},{1.50:1}]', 'syntax'],
    ['a numeral with two points', '[1.2.30]', 'syntax'],
    ['a numeral with a zero before it', '[01.50]', 'syntax'],
    ['a numeral beside a text', '["a"1.50]', 'syntax'],
    ['a name given twice beside a kept numeral', '{"a":19.10,"a":1}', 'duplicate_name'],
    ['__proto__ beside a kept numeral', '{"a":19.10,"__proto__":1}', 'name'],
    ['a text that begins like a kept numeral', '{"a":19.10,"b":"\\u00001"}', 'control_character'],
    ['a name that begins like a kept numeral', '{"a":19.10,"\\u00001":1}', 'control_character'],
    ['half a character beside a kept numeral', '[19.10,"\\ud800"]', 'surrogate'],
    ['too many levels around a kept numeral', `${'['.repeat(201)}19.10${']'.repeat(201)}`, 'depth'],
  ];
  for (const [what, text, rule] of refused)
    it(`refuses ${what}`, () => {
      expect(outcome(text)).to.deep.equal({ rule });
    });

  it('reads a numeral of a million digits', () => {
    const source = `1${'0'.repeat(1_000_000)}`;
    expect(parseExactJson(`[${source}]`)).to.deep.equal([new Numeral(source)]);
  });
});
