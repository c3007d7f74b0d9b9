import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../schemas/package-root.js';
import { ContractInvalid, readContract } from '../../../schemas/quality/contract-file.js';

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

const attempt = (file: string): { readonly refused?: string; readonly rules: number } => {
  try {
    return { rules: readContract(file).rules.length };
  } catch (error) {
    if (!(error instanceof ContractInvalid)) throw error;
    return { refused: error.message, rules: 0 };
  }
};

describe('contracts of the Open Data Contract Standard', function () {
  this.timeout(60_000);

  it('are 18 of the standard and 60 of datacontract-cli', () => {
    const count = (outcome: string): number => EXPECTED.filter((one) => one.outcome === outcome).length;
    expect([EXPECTED.length, count('loads'), count('refused'), count('either')]).to.deep.equal([78, 63, 14, 1]);
  });

  for (const { file, name, outcome, why } of EXPECTED) {
    it(`${name}: ${outcome}`, () => {
      const { refused } = attempt(file);
      if (outcome === 'loads') expect(refused).to.equal(undefined);
      if (outcome !== 'refused') return;
      const [first = ''] = refused?.split('\n') ?? [];
      expect(first, 'file, line and column').to.match(/\.yaml:\d+:\d+: \//);
      const [, place = '/'] = /^(\/\S+) /.exec(why) ?? [];
      expect(first).to.include(`: ${place} `);
    });
  }
});
