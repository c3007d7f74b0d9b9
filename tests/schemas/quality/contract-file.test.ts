import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ContractInvalid, readContract } from '../../../schemas/quality/contract-file.js';

describe('a contract file', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'contract-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const optionsOf = (property: string): unknown => {
    const file = join(folder, 'contract.yaml');
    writeFileSync(
      file,
      `apiVersion: v3.1.0
kind: DataContract
id: things
name: Things
version: 1.0.0
status: active
schema:
  - name: Thing
    properties:
      - { name: a, ${property} }
`,
    );
    return readContract(file).schema[0]?.properties[0]?.logicalTypeOptions;
  };

  it('keeps bounds in quotes by their digits, and takes numbers that are not rounded', () => {
    expect(optionsOf('logicalType: number, logicalTypeOptions: { maximum: "12345678901234567.89" }')).to.deep.equal({
      maximum: '12345678901234567.89',
    });
    expect(optionsOf('logicalType: decimal, logicalTypeOptions: { minimum: -0.10, maximum: 1e3 }')).to.deep.equal({
      minimum: -0.1,
      maximum: 1000,
    });
  });

  for (const [what, property, message] of [
    [
      'a bound that would be rounded',
      'maximum: 12345678901234567.89',
      '12345678901234567.89 would be rounded: write it in quotes',
    ],
    ['a bound that would be rounded, a whole one', 'minimum: 9007199254740993', '9007199254740993 would be rounded'],
    ['a bound that is no decimal', 'minimum: "1,5"', 'is no decimal'],
    ['a name given twice', 'minimum: 1, minimum: 2', 'Map keys must be unique'],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => optionsOf(`logicalType: number, logicalTypeOptions: { ${property} }`))
        .to.throw(ContractInvalid)
        .with.property('message')
        .that.includes(message)
        .and.includes('contract.yaml');
    });
  }
});
