import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../schemas/package-root.js';
import { ContractInvalid, readContract, type ContractFile } from '../../../schemas/quality/contract-file.js';
import type { ContractObject } from '../../../schemas/quality/contract.js';
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

const attempt = (file: string): { readonly refused?: string; readonly contract?: ContractFile } => {
  try {
    return { contract: readContract(file) };
  } catch (error) {
    if (!(error instanceof ContractInvalid)) throw error;
    return { refused: error.message };
  }
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
      const { refused, contract } = attempt(file);
      if (outcome === 'loads') expect(refused).to.equal(undefined);
      for (const object of contract?.schema ?? []) judgeAnything(contract?.id ?? '', object);
      if (outcome !== 'refused') return;
      const [first = ''] = refused?.split('\n') ?? [];
      expect(first, 'file, line and column').to.match(/\.yaml:\d+:\d+: \//);
      const [, place = '/'] = /^(\/\S+) /.exec(why) ?? [];
      expect(first).to.include(`: ${place} `);
    });
  }
});
