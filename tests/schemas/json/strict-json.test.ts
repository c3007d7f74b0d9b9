import { expect } from 'chai';
import fc from 'fast-check';
import { JsonInvalid, parseUnambiguousJson } from '../../../schemas/json/strict-json.js';
import { jsonTree, layout, printJson, wilyText, type JsonTree } from '../../json-texts.js';
import { readReference } from '../../reference-json.js';

const RUNS = Number(process.env['JSON_RUNS'] ?? 500);

const outcome = (text: string): { readonly value: unknown } | { readonly rule: string } => {
  try {
    return { value: parseUnambiguousJson(text) };
  } catch (error) {
    if (error instanceof JsonInvalid) return { rule: error.rule };
    throw error;
  }
};

/** The tree with one member of one of its objects twice; undefined if it has no member. `pick` chooses. */
function withDuplicate(tree: JsonTree, pick: (below: number) => number): JsonTree | undefined {
  if (tree.kind === 'list') {
    for (const [place, item] of shuffled(tree.items, pick)) {
      const changed = withDuplicate(item, pick);
      if (changed) return { ...tree, items: tree.items.map((other, at) => (at === place ? changed : other)) };
    }
    return undefined;
  }
  if (tree.kind !== 'object') return undefined;
  for (const [place, [name, value]] of shuffled(tree.members, pick)) {
    const changed = pick(3) === 0 ? undefined : withDuplicate(value, pick);
    if (changed) return { ...tree, members: tree.members.map((one, at) => (at === place ? [name, changed] : one)) };
  }
  const [twice] = shuffled(tree.members, pick)[0]?.[1] ?? [];
  if (twice === undefined) return undefined;
  const members = [...tree.members];
  members.splice(pick(members.length + 1), 0, [twice, { kind: 'numeral', source: '1' }]);
  return { ...tree, members };
}

function shuffled<One>(all: readonly One[], pick: (below: number) => number): readonly (readonly [number, One])[] {
  const start = all.length === 0 ? 0 : pick(all.length);
  return all.map((_, at) => [(at + start) % all.length, all[(at + start) % all.length] as One]);
}

describe('parseUnambiguousJson', () => {
  it('reads what a slow reader reads, and names a rule exactly when that finds one', () => {
    fc.assert(
      fc.property(jsonTree(), layout, (tree, laid) => {
        const text = printJson(tree, laid);
        const { value, broken } = readReference(text, Number);
        const read = outcome(text);
        if ('rule' in read) expect([...broken]).to.include(read.rule);
        else expect([read.value, [...broken]]).to.deep.equal([value, []]);
      }),
      { numRuns: RUNS },
    );
  });

  it('judges a text with one unit more, less or another like a slow reader', () => {
    const unit = fc.constantFrom(...'"\\:,{}[]0123456789.-+eE u\ttruefalsn\u0000');
    fc.assert(
      fc.property(
        jsonTree(),
        layout,
        fc.nat(),
        fc.nat(1),
        fc.oneof(unit, fc.constant('')),
        (tree, laid, place, cut, more) => {
          const whole = printJson(tree, laid);
          const at = place % (whole.length + 1);
          const text = whole.slice(0, at) + more + whole.slice(at + cut);
          const { value, broken } = readReference(text, Number);
          const read = outcome(text);
          if ('rule' in read) expect([...broken], text).to.include(read.rule);
          else expect([read.value, [...broken]], text).to.deep.equal([value, []]);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('finds a name given twice, at any depth', () => {
    let found = 0;
    fc.assert(
      fc.property(jsonTree(6), layout, wilyText, (tree, laid, name) => {
        const holder: JsonTree = { kind: 'object', members: [[name, tree]] };
        const text = printJson(withDuplicate(holder, (below) => laid.pick(below)) ?? holder, laid);
        const { broken } = readReference(text, Number);
        expect([...broken]).to.include('duplicate_name');
        const read = outcome(text);
        expect('rule' in read && broken.has(read.rule as never)).to.equal(true);
        if ('rule' in read && read.rule === 'duplicate_name') found += 1;
      }),
      { numRuns: RUNS },
    );
    expect(found).to.be.greaterThan(RUNS / 4);
  });

  it('finds one name given twice among thousands of names', () => {
    const names = Array.from({ length: 5_000 }, (_, at) => `"name${at}":{"a":":","b":"\\":"}`);
    expect(outcome(`{${names.join(',')}}`)).to.have.property('value');
    expect(outcome(`{${names.join(',')},"name2500":1}`)).to.deep.equal({ rule: 'duplicate_name' });
  });

  const refused: readonly (readonly [string, string, string])[] = [
    ['a name given twice', '{"a":1,"a":1}', 'duplicate_name'],
    ['a name given twice, once escaped', '{"a":1,"\\u0061":2}', 'duplicate_name'],
    ['a name given twice beside a text that looks like a name', '{"a":"\\":","a":2}', 'duplicate_name'],
    ['a name given twice, white space before its colons', '{"a" :1,"a"\n\t:2}', 'duplicate_name'],
    ['a number for a name given twice', '{"1":1,"1":2}', 'duplicate_name'],
    ['__proto__', '{"x":[{"__proto__":1}]}', 'name'],
    ['__proto__, escaped', '{"\\u005f_proto__":null}', 'name'],
    ['U+0000 in a text', '{"a":["\\u0000"]}', 'control_character'],
    ['U+0000 in a name', '{"\\u0000":1}', 'control_character'],
    ['U+0000 as it is', '{"a":"\u0000"}', 'syntax'],
    ['half a character', '["\\uD83D"]', 'surrogate'],
    ['half a character in a name', '{"\\udc00":1}', 'surrogate'],
    ['a byte order mark', '\ufeff{}', 'syntax'],
    ['a text that ends early', '{"a":1,"a":', 'syntax'],
  ];
  for (const [what, text, rule] of refused) {
    it(`refuses ${what}`, () => {
      expect(outcome(text)).to.deep.equal({ rule });
    });
  }

  it('takes control characters other than U+0000, and what only looks like an escape', () => {
    const text = '{"a":"\\u0007\\t","b":"\\\\u0000","c":"\\\\ud800","d":"\\ud83d\\ude00"}';
    expect(outcome(text)).to.deep.equal({ value: { a: '\u0007\t', b: '\\u0000', c: '\\ud800', d: '😀' } });
  });

  it('takes 200 levels, of lists and of objects, and no more', () => {
    const nested = (open: string, close: string, levels: number): string =>
      `${open.repeat(levels - 1)}[]${close.repeat(levels - 1)}`;
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      expect(outcome(nested(open, close, 200))).to.have.property('value');
      expect(outcome(nested(open, close, 201))).to.deep.equal({ rule: 'depth' });
      expect(outcome(nested(open, close, 100_000))).to.deep.equal({ rule: 'depth' });
    }
  });
});
