import { expect } from 'chai';
import { readContract, type ContractReading } from '../../../schemas/quality/contract-file.js';

describe('a contract file', () => {
  const reading = (property: string): ContractReading =>
    readContract(
      Buffer.from(
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
      ),
    );
  const optionsOf = (property: string): unknown => {
    const read = reading(property);
    return 'contract' in read ? read.contract.schema?.[0]?.properties?.[0]?.logicalTypeOptions : read.faults;
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

  it('keeps the digits of a number that a double would round', () => {
    expect(optionsOf('logicalType: number, logicalTypeOptions: { maximum: 12345678901234567.89 }')).to.deep.equal({
      maximum: '12345678901234567.89',
    });
    expect(optionsOf('logicalType: integer, logicalTypeOptions: { minimum: 9007199254740993 }')).to.deep.equal({
      minimum: '9007199254740993',
    });
  });

  for (const [what, property, message] of [
    [
      'a bound that is no decimal',
      'logicalTypeOptions: { minimum: "1,5" }',
      ':10:72: /schema/0/properties/0/logicalTypeOptions/minimum must be number',
    ],
    ['a bound without end', 'logicalTypeOptions: { minimum: .inf }', 'minimum must be number'],
    ['a name given twice', 'required: true, required: false', ':10:57: gives the name "required" twice'],
    ['a member that the standard does not have', 'nullable: true', ':10:41: /schema/0/properties/0 must NOT have'],
    [
      'an unknown rule for Tereze',
      'quality: [{ id: a, type: custom, engine: tereze, implementation: { rule: x }, dimension: accuracy, severity: info }]',
      ':10:51: /schema/0/properties/0/quality/0 there is no rule "x"',
    ],
  ] as const) {
    it(`refuses ${what}, with its place`, () => {
      const read = reading(`logicalType: number, ${property}`);
      const faults = 'faults' in read ? read.faults : [];
      expect(faults.map((one) => `:${one.line}:${one.column}: ${one.message}`).join()).to.include(message);
    });
  }
});
