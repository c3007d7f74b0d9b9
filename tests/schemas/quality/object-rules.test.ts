import { expect } from 'chai';
import type { RecordVerdict } from '../../../schemas/ports/quality.js';
import type {
  Contract,
  ContractObject,
  ContractProperty,
  CustomRule,
  Severity,
} from '../../../schemas/quality/contract-file.js';
import { Numeral } from '../../../schemas/numeral.js';
import { objectRules } from '../../../schemas/quality/object-rules.js';
import { compileCheck, createContractAjv } from '../../../schemas/quality/record-check.js';

const CONTRACT: Contract = {
  apiVersion: 'v3.1.0',
  kind: 'DataContract',
  id: 'things',
  name: 'Things',
  version: '1.0.0',
  status: 'active',
  schema: [{ name: 'Thing', properties: [{ name: 'a', logicalType: 'string' }] }],
};
const SEVERITIES: readonly Severity[] = ['info', 'warning', 'error'];

const rulesOf = (properties: readonly ContractProperty[], quality: readonly CustomRule[] = []) => {
  const object: ContractObject = { name: 'Thing', properties: [...properties], quality: [...quality] };
  return objectRules(CONTRACT, object);
};

/** The verdict on one record, by the contract of its properties. */
function judge(
  record: Record<string, unknown>,
  properties: readonly ContractProperty[],
  quality: readonly CustomRule[] = [],
): RecordVerdict {
  const fields = properties.map(({ name }) => name);
  const check = compileCheck(createContractAjv(), rulesOf(properties, quality), fields, () => ({
    factDate: '2026-03-02',
  }));
  return check.check(record);
}

const notNegative = (severity: Severity, field?: string): CustomRule => ({
  id: 'not-negative',
  type: 'custom',
  engine: 'tereze',
  implementation: { rule: 'not-negative', ...(field === undefined ? {} : { field }) },
  dimension: 'accuracy',
  severity,
});
const codes = (severity?: Severity): NonNullable<ContractProperty['quality']>[number] => ({
  id: 'known-code',
  type: 'library',
  metric: 'invalidValues',
  arguments: { validValues: ['A', 'B'] },
  mustBe: 0,
  ...(severity === undefined ? {} : { severity }),
});

describe('the rules of a contract', () => {
  /** What a broken rule makes of the record. */
  const verdictOf = (severity: Severity, critical: boolean): string =>
    ({ info: 'pass', warning: 'flagged', error: critical ? 'rejected' : 'flagged' })[severity];

  for (const critical of [false, true]) {
    for (const severity of SEVERITIES) {
      const element = critical ? 'a critical element' : 'any other element';
      const expected = verdictOf(severity, critical);
      const criticalDataElement = critical;

      it(`of severity ${severity} about ${element} make the record ${expected}: a rule of the field`, () => {
        const quality = [notNegative(severity)];
        expect(judge({ a: '-1' }, [{ name: 'a', logicalType: 'string', criticalDataElement, quality }])).to.deep.equal({
          verdict: expected,
          findings: [{ rule: 'things.Thing.a#not-negative', dimension: 'accuracy', severity, field: 'a' }],
        });
      });

      it(`of severity ${severity} about ${element} make the record ${expected}: a rule of the object`, () => {
        const property: ContractProperty = { name: 'a', logicalType: 'string', criticalDataElement };
        expect(judge({ a: '-1' }, [property], [notNegative(severity, 'a')]).verdict).to.equal(expected);
      });

      it(`of severity ${severity} about ${element} make the record ${expected}: a list of codes`, () => {
        const quality = [codes(severity)];
        expect(judge({ a: 'X' }, [{ name: 'a', logicalType: 'string', criticalDataElement, quality }])).to.deep.equal({
          verdict: expected,
          findings: [{ rule: 'things.Thing.a#known-code', dimension: 'conformity', severity, field: 'a' }],
        });
      });
    }
  }

  it('are warnings where the contract says no severity, and errors about a critical element', () => {
    for (const [critical, severity, verdict] of [
      [false, 'warning', 'flagged'],
      [true, 'error', 'rejected'],
    ] as const) {
      for (const [value, property] of [
        ['X', { quality: [codes()] }],
        ['abc', { logicalTypeOptions: { maxLength: 2 } }],
        [7, {}],
      ] as const) {
        const about: ContractProperty = { name: 'a', logicalType: 'string', criticalDataElement: critical };
        const judged = judge({ a: value }, [{ ...about, ...(property as Partial<ContractProperty>) }]);
        expect(judged.verdict).to.equal(verdict);
        expect(judged.findings.map((finding) => finding.severity)).to.deep.equal([severity]);
      }
    }
  });

  it('take a missing required field for an error, which rejects only where the element is critical', () => {
    for (const [critical, verdict] of [
      [false, 'flagged'],
      [true, 'rejected'],
    ] as const) {
      const property: ContractProperty = {
        name: 'a',
        logicalType: 'string',
        required: true,
        criticalDataElement: critical,
      };
      const finding = { rule: 'things.Thing.a#required', dimension: 'completeness', severity: 'error', field: 'a' };
      for (const record of [{}, { a: null }])
        expect(judge(record, [property])).to.deep.equal({ verdict, findings: [finding] });
    }
  });

  it('take null for an absent value, in a list of codes and in every other type', () => {
    for (const logicalType of ['string', 'date', 'timestamp', 'integer', 'number', 'decimal', 'boolean'] as const)
      expect(judge({ a: null }, [{ name: 'a', logicalType }]), logicalType).to.deep.equal({
        verdict: 'pass',
        findings: [],
      });
    expect(judge({ a: null }, [{ name: 'a', logicalType: 'string', quality: [codes('error')] }])).to.deep.equal({
      verdict: 'pass',
      findings: [],
    });
    expect(judge({}, [{ name: 'a', logicalType: 'string', quality: [codes('error')] }]).verdict).to.equal('pass');
  });

  it('take no null where a code is required, and say so once', () => {
    const property: ContractProperty = { name: 'a', logicalType: 'string', required: true, quality: [codes('error')] };
    expect(judge({ a: null }, [property]).findings.map(({ rule }) => rule)).to.deep.equal(['things.Thing.a#required']);
    expect(judge({ a: 'A' }, [property]).findings).to.deep.equal([]);
  });

  it('say what is no value of its type', () => {
    for (const [logicalType, good, bad, keyword] of [
      ['string', 'a', 1, 'type'],
      ['integer', 1, 1.5, 'type'],
      ['integer', '9007199254740993', '1.5', 'type'],
      ['number', 1.5, 'one', 'type'],
      ['number', '1.50', '1.5.0', 'type'],
      ['decimal', new Numeral('19.10'), true, 'type'],
      ['boolean', false, 'false', 'type'],
      ['date', '2024-02-29', '2023-02-29', 'format'],
      ['timestamp', '2024-02-29T23:59:59.123Z', '2024-02-29T24:00:01Z', 'format'],
      ['timestamp', '2024-02-29T23:59:59Z', '2024-02-29T23:59:59', 'format'],
      ['timestamp', '2024-02-29T23:59:59Z', 'x2024-02-29T23:59:59Z', 'format'],
      ['timestamp', '2024-02-29T23:59:59Z', '2024-02-29T23:59:59Zx', 'format'],
      ['timestamp', '2024-02-29T23:59:59Z', '2024-13-29T23:59:59Z', 'format'],
    ] as const) {
      expect(judge({ a: good }, [{ name: 'a', logicalType }]).findings, String(good)).to.deep.equal([]);
      expect(
        judge({ a: bad }, [{ name: 'a', logicalType }]).findings.map(({ rule }) => rule),
        String(bad),
      ).to.deep.equal([`things.Thing.a#${keyword}`]);
    }
  });

  it('give fifty findings at most, and judge by all of them', () => {
    const properties = Array.from({ length: 60 }, (_, place): ContractProperty => ({
      name: `f${place}`,
      logicalType: 'string',
      criticalDataElement: place === 59,
    }));
    const record = Object.fromEntries(properties.map(({ name }) => [name, 7]));
    const judged = judge(record, properties);
    expect(judged.findings).to.have.length(50);
    expect(judged.findings.map(({ field }) => field)).to.deep.equal(properties.slice(0, 50).map(({ name }) => name));
    expect(judged.verdict, 'the critical one is beyond the fifty').to.equal('rejected');
    expect(judge({ ...record, f59: 'fine' }, properties).verdict).to.equal('flagged');
  });

  it('report each rule once, however often it is broken', () => {
    const property: ContractProperty = {
      name: 'a',
      logicalType: 'string',
      logicalTypeOptions: { pattern: '^[0-9]+$', maxLength: 2 },
      quality: [codes('warning')],
    };
    expect(
      judge({ a: 'abc' }, [property])
        .findings.map(({ rule }) => rule)
        .sort(),
    ).to.deep.equal(['things.Thing.a#known-code', 'things.Thing.a#maxLength', 'things.Thing.a#pattern']);
  });

  it('run only where all their inputs were fetched and are present', () => {
    const inOrder: CustomRule = {
      ...notNegative('error'),
      id: 'in-order',
      implementation: { rule: 'dates-in-order', earlier: 'a', later: 'b' },
    };
    const properties: readonly ContractProperty[] = [
      { name: 'a', logicalType: 'date' },
      { name: 'b', logicalType: 'date' },
    ];
    const broken = { a: '2020-01-02', b: '2020-01-01' };
    expect(judge(broken, properties, [inOrder]).findings.map(({ rule, field }) => [rule, field])).to.deep.equal([
      ['things.Thing.b#in-order', 'b'],
    ]);
    expect(judge({ ...broken, a: null }, properties, [inOrder]).verdict).to.equal('pass');
    expect(judge({ ...broken, b: null }, properties, [inOrder]).verdict).to.equal('pass');
    expect(judge({ b: '2020-01-01' }, properties.slice(1), [inOrder]).verdict).to.equal('pass');
  });

  it('see a null only where they judge presence, and then only that of their field', () => {
    const present: CustomRule = {
      ...notNegative('error'),
      id: 'present',
      implementation: { rule: 'present-when', field: 'a', when: 'b', equals: 'X' },
    };
    const properties: readonly ContractProperty[] = [
      { name: 'a', logicalType: 'string' },
      { name: 'b', logicalType: 'string' },
    ];
    expect(judge({ a: null, b: 'X' }, properties, [present]).verdict).to.equal('flagged');
    expect(judge({ a: null, b: null }, properties, [present]).verdict).to.equal('pass');
  });

  it('leave objects and lists to the types of their members', () => {
    const rules = rulesOf([
      { name: 'a', logicalType: 'object' },
      { name: 'b', logicalType: 'array' },
      { name: 'c', logicalType: 'string' },
    ]);
    expect([...rules.fields.keys()]).to.deep.equal(['c']);
  });

  it('refuse a rule that does not exist, a pattern without an end and a pattern that can be slow', () => {
    const pattern = (text: string) => () =>
      rulesOf([{ name: 'a', logicalType: 'string', logicalTypeOptions: { pattern: text } }]);
    expect(() => rulesOf([], [{ ...notNegative('info'), implementation: { rule: 'magic' } }])).to.throw(
      'there is no rule "magic"',
    );
    for (const loose of ['[0-9]', '^[0-9]', '[0-9]$'])
      expect(pattern(loose), loose).to.throw('is not anchored with ^ and $');
    expect(pattern('^(?=a)a$')).to.throw();
    expect(pattern('^[0-9]+$')).to.not.throw();
  });

  it('mean one value by string, number and decimal: bounds hold for what a double would round', () => {
    const logicalTypeOptions = { minimum: '-0.1', maximum: '9007199254740993' };
    for (const logicalType of ['string', 'number', 'decimal', 'integer'] as const) {
      const property: ContractProperty = { name: 'a', logicalType, logicalTypeOptions };
      const found = (a: unknown): string[] => judge({ a }, [property]).findings.map(({ rule }) => rule);
      expect(found('9007199254740993'), logicalType).to.deep.equal([]);
      expect(found('9007199254740994'), logicalType).to.deep.equal(['things.Thing.a#maximum']);
      expect(found('-1'), logicalType).to.deep.equal(['things.Thing.a#minimum']);
      if (logicalType === 'string') continue;
      expect(found(new Numeral('9007199254740993')), logicalType).to.deep.equal([]);
      expect(found(new Numeral('9007199254740994')), logicalType).to.deep.equal(['things.Thing.a#maximum']);
      expect(found(-1), logicalType).to.deep.equal(['things.Thing.a#minimum']);
    }
  });

  it('know valid values of numbers by their value, those of texts by their letters', () => {
    const quality = [{ ...codes(), arguments: { validValues: ['19.10', '7'] } }] as ContractProperty['quality'];
    const found = (logicalType: 'number' | 'string', a: unknown): number =>
      judge({ a }, [{ name: 'a', logicalType, quality }]).findings.length;
    for (const value of ['19.1', 19.1, new Numeral('19.10'), 7]) expect(found('number', value)).to.equal(0);
    expect(found('number', 7.5)).to.equal(1);
    expect(found('string', '19.10')).to.equal(0);
    expect(found('string', '19.1')).to.equal(1);
  });

  it('report a missing number once, where it is required', () => {
    const property: ContractProperty = {
      name: 'a',
      logicalType: 'number',
      required: true,
      logicalTypeOptions: { minimum: 1 },
    };
    for (const record of [{}, { a: null }])
      expect(judge(record, [property]).findings.map(({ rule }) => rule)).to.deep.equal(['things.Thing.a#required']);
  });

  it('refuse options that the type does not have', () => {
    const rules = (property: Partial<ContractProperty>) => () =>
      rulesOf([{ name: 'a', logicalType: 'string', ...property }]);
    expect(rules({ logicalType: 'number', logicalTypeOptions: { pattern: '^1$' } })).to.throw(
      'a is a number, which has no pattern',
    );
    expect(rules({ logicalType: 'date', logicalTypeOptions: { minimum: 1 } })).to.throw(
      'a is a date, which has no bounds',
    );
    const quality = [{ ...codes(), arguments: { validValues: [1] } }] as ContractProperty['quality'];
    expect(rules({ quality })).to.throw('write its valid values in quotes');
  });

  it('compare decimals as they are written', () => {
    const property: ContractProperty = {
      name: 'a',
      logicalType: 'number',
      logicalTypeOptions: { minimum: 0, maximum: 10 },
    };
    expect(judge({ a: 10 }, [property]).verdict).to.equal('pass');
    expect(judge({ a: 10.01 }, [property]).findings.map(({ rule }) => rule)).to.deep.equal(['things.Thing.a#maximum']);
    expect(judge({ a: -0.01 }, [property]).findings.map(({ rule }) => rule)).to.deep.equal(['things.Thing.a#minimum']);
  });
});
