import { expect } from 'chai';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../schemas/package-root.js';
import { readContract } from '../../../schemas/quality/contract-file.js';
import type { Contract, ContractObject } from '../../../schemas/quality/contract.js';
import { objectRules } from '../../../schemas/quality/object-rules.js';
import { compileCheck, createContractAjv } from '../../../schemas/quality/record-check.js';
import type { RuleContext } from '../../../schemas/quality/rules/rule.js';

const FOLDER = join(packageRoot(), 'tests', 'conformance', 'vendor', 'odcs');

/** `expected.csv`: folder, file, version, `loads`, `refused` or `either`, and what the schema of v3.1.0 says first. */
const EXPECTED = readFileSync(join(FOLDER, 'expected.csv'), 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [folder = '', file = '', , outcome = '', ...why] = line.split(',');
    return { file: join(FOLDER, folder, file), name: `${folder}/${file}`, outcome, why: why.join(',') };
  });

const attempt = (bytes: Uint8Array): { readonly refused?: string; readonly contract?: Contract } => {
  const read = readContract(bytes);
  if ('contract' in read) return read;
  return { refused: read.faults.map(({ line, column, message }) => `${line}:${column}: ${message}`).join('\n') };
};

/** What loads is also compiled, and judges any record. */
function judgeAnything(id: string, object: ContractObject): void {
  const names = [...new Set((object.properties ?? []).map(({ name }) => name))];
  const context = (): RuleContext => ({ factDate: '2026-03-02' });
  const { check } = compileCheck(createContractAjv(), objectRules({ id }, object), names, context);
  for (const value of ['x', 1, null, true, {}, []]) check(Object.fromEntries(names.map((name) => [name, value])));
}

describe('contracts of the Open Data Contract Standard', function () {
  this.timeout(60_000);

  it('are 18 of the standard and 60 of datacontract-cli', () => {
    const count = (outcome: string): number => EXPECTED.filter((one) => one.outcome === outcome).length;
    expect([EXPECTED.length, count('loads'), count('refused'), count('either')]).to.deep.equal([78, 63, 14, 1]);
  });

  for (const { file, name, outcome, why } of EXPECTED) {
    it(`${name}: ${outcome}`, () => {
      const { refused, contract } = attempt(readFileSync(file));
      if (outcome === 'loads') expect(refused).to.equal(undefined);
      for (const object of contract?.schema ?? []) judgeAnything(contract?.id ?? '', object);
      if (outcome !== 'refused') return;
      const [first = ''] = refused?.split('\n') ?? [];
      expect(first, 'file, line and column').to.match(/^\d+:\d+: \//);
      const [, place = '/'] = /^(\/\S+) /.exec(why) ?? [];
      expect(first).to.include(`: ${place} `);
    });
  }

  it('load or are refused with a place, and nothing else, however their lines are damaged', () => {
    const contracts = EXPECTED.filter(({ name }) => name.startsWith('official/') && !name.includes('adventureworks'));
    const texts = contracts.map(({ file }) => readFileSync(file, 'utf8').split('\n'));
    const BITS = [
      'null',
      '[]',
      '{}',
      '7',
      '1e999',
      '"',
      '&a ',
      '*a',
      '__proto__: 1',
      '!!set',
      '? ',
      '|',
      'quality:',
      '- ',
    ];
    const damage = fc.record({
      at: fc.nat(),
      how: fc.constantFrom('value', 'removed', 'more', 'moved'),
      bit: fc.constantFrom(...BITS),
      from: fc.nat(),
    });
    const seen = { loaded: 0, refused: 0 };
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.array(damage, { minLength: 1, maxLength: 3 }), (text, damages) => {
        const { refused, contract } = attempt(Buffer.from(damages.reduce(damaged, text).join('\n')));
        seen[contract ? 'loaded' : 'refused'] += 1;
        if (refused !== undefined) expect(refused).to.match(/^\d+:\d+: /);
        for (const object of contract?.schema ?? []) judgeAnything(contract?.id ?? '', object);
      }),
      { numRuns: 300 },
    );
    expect(Math.min(seen.loaded, seen.refused), JSON.stringify(seen)).to.be.greaterThan(20);
  });
});

interface Damage {
  readonly at: number;
  readonly how: 'value' | 'removed' | 'more' | 'moved';
  readonly bit: string;
  readonly from: number;
}

function damaged(lines: readonly string[], { at, how, bit, from }: Damage): string[] {
  const place = at % Math.max(lines.length, 1);
  const line = lines[place] ?? '';
  const moved = lines[from % Math.max(lines.length, 1)] ?? '';
  const put = { value: [line.replace(/: .*/, `: ${bit}`)], removed: [], more: [`${line}${bit}`], moved: [moved, line] };
  return lines.toSpliced(place, 1, ...put[how]);
}
