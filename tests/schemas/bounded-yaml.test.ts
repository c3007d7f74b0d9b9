import { expect } from 'chai';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { readBoundedYaml, YAML_LIMITS, YamlFault } from '../../schemas/bounded-yaml.js';

const faultOf = (text: string): YamlFault => {
  try {
    readBoundedYaml(text);
  } catch (error) {
    if (error instanceof YamlFault) return error;
    throw error;
  }
  return expect.fail('it was read');
};

describe('a YAML document within limits', () => {
  it('is read as it was written, for any JSON value', () => {
    const name = fc.string().filter((text) => text !== '__proto__');
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(value, (written) => {
        expect(readBoundedYaml(stringify(written)).value).to.deep.equal(written);
      }),
      { numRuns: 300 },
    );
  });

  it('says where each value and name is written', () => {
    const { placeOf } = readBoundedYaml('a:\n  - b: 1\n    c: [x, &y yy]\nd: *y\n');
    expect(placeOf(['a', 0, 'c', 1])).to.deep.equal({ line: 3, column: 15 });
    expect(placeOf(['a', '0', 'c'], 'name')).to.deep.equal({ line: 3, column: 5 });
    expect(placeOf(['d'])).to.deep.equal({ line: 4, column: 4 });
    expect(placeOf(['a', 0, 'absent']), 'the value around it').to.deep.equal({ line: 2, column: 5 });
    expect(placeOf([])).to.deep.equal({ line: 1, column: 1 });
  });

  it('keeps numerals that a double rounds, in `exact` only', () => {
    const { value, exact } = readBoundedYaml('[19.10, 12345678901234567.89, 0x10, "1"]');
    expect(value).to.deep.equal([19.1, 12345678901234568, 16, '1']);
    expect(exact).to.deep.equal([19.1, '12345678901234567.89', 16, '1']);
  });

  for (const [what, text, message] of [
    ['is no YAML', 'a: "b', 'Missing closing "quote'],
    ['gives a name twice', 'a: 1\nb: { c: 1, c: 2 }', 'gives the name "c" twice'],
    ['gives a name twice, once in quotes', 'a: 1\n"a": 2', 'gives the name "a" twice'],
    ['holds a second document', 'a: 1\n---\nb: 2', 'second document'],
    ['is too long', `a: ${'x'.repeat(YAML_LIMITS.length)}`, 'is longer than 524288 characters'],
    ['is a deep list', '['.repeat(200_000), 'nested deeper than 100 levels'],
    ['is a deep list of lines', '- '.repeat(3_000), 'nested deeper than 100 levels'],
    ['is a deep map', Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'), 'nested deeper'],
    ['has too many tokens', `[${'1,'.repeat(150_000)}1]`, 'has more than 200000 tokens'],
    ['has too many anchors', Array.from({ length: 101 }, (_, at) => `- &a${at} x`).join('\n'), '100 anchors'],
    ['has too many aliases', `- &a x\n${'- *a\n'.repeat(101)}`, 'has more than 100 aliases'],
    [
      'has aliases that multiply',
      `a: &a [1]\n${[...'bcdefg'].map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdef'[at]}`)}]`).join('\n')}`,
      'Excessive alias count',
    ],
    ['contains itself', 'a: &a [*a]', 'alias'],
    ['has an alias of nothing', 'a: *b', 'alias'],
  ] as const) {
    it(`is refused if it ${what}, in little time`, () => {
      const started = process.cpuUsage();
      expect(faultOf(text).message).to.match(new RegExp(message, 'i'));
      const { user, system } = process.cpuUsage(started);
      expect((user + system) / 1e6, 'seconds').to.be.lessThan(10);
    });
  }
});
