import { expect } from 'chai';
import type { RecordVerdict } from '../../../schemas/ports/quality.js';
import type {
  Contract,
  ContractObject,
  ContractProperty,
  QualityRule,
  Severity,
} from '../../../schemas/quality/contract.js';
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

const rulesOf = (properties: readonly ContractProperty[], quality: readonly QualityRule[] = []) => {
  const object: ContractObject = { name: 'Thing', properties: [...properties], quality: [...quality] };
  return objectRules(CONTRACT, object);
};

/** The verdict on one record, by the contract of its properties. */
function judge(
  record: Record<string, unknown>,
  properties: readonly ContractProperty[],
  quality: readonly QualityRule[] = [],
): RecordVerdict {
  const fields = [...new Set(properties.map(({ name }) => name))];
  const check = compileCheck(createContractAjv(), rulesOf(properties, quality), fields, () => ({
    factDate: '2026-03-02',
  }));
  return check.check(record);
}

const notNegative = (severity: Severity, field?: string): QualityRule => ({
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
    const inOrder: QualityRule = {
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
    const present: QualityRule = {
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

  it('refuse a rule for Tereze that does not exist, or lacks an argument', () => {
    const custom = (implementation: unknown) => () =>
      rulesOf([], [{ ...notNegative('info'), implementation } as QualityRule]);
    expect(custom({ rule: 'magic' })).to.throw('there is no rule "magic"');
    expect(custom({ rule: 'not-negative' })).to.throw('the rule needs the argument "field"');
    expect(custom({ rule: 'updated-within', field: 'a' })).to.throw('the rule needs the argument "days"');
    expect(custom({ rule: 'present-when', field: 'a', when: 'b' })).to.throw('the rule needs the argument "equals"');
    expect(custom('rule: not-negative')).to.throw('implementation');
  });

  it('run a pattern on RE2, without anchors on a part, and none that RE2 cannot run', () => {
    const found = (pattern: string, a: string): readonly string[] =>
      judge({ a }, [{ name: 'a', logicalType: 'string', logicalTypeOptions: { pattern } }]).findings.map(
        ({ rule }) => rule,
      );
    expect(found('^[0-9]+$', '12')).to.deep.equal([]);
    expect(found('^[0-9]+$', '12\n')).to.deep.equal(['things.Thing.a#pattern']);
    expect(found('[0-9]', 'a1b')).to.deep.equal([]);
    expect(found('^\\u0410', '\u0410')).to.deep.equal([]);
    for (const beyond of ['^(?=a)a$', '(a)\\1', '(?<!a)b']) expect(found(beyond, '!'), beyond).to.deep.equal([]);
    const started = process.cpuUsage();
    expect(found('^(\\w+\\s?)*$', `${'a'.repeat(5_000)}!`)).to.have.length(1);
    expect(process.cpuUsage(started).user, 'backtracking takes longer than the universe has').to.be.lessThan(5e6);
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
    const quality = [{ ...codes(), arguments: { validValues: ['19.10', '7'] } }];
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

  it('judge by bounds that the bound itself is beyond, as v3.0 and as v3.1 write them', () => {
    for (const logicalTypeOptions of [
      { minimum: 1, exclusiveMinimum: true, maximum: 3, exclusiveMaximum: true },
      { exclusiveMinimum: 1, exclusiveMaximum: '3.0' },
    ]) {
      const found = (a: unknown): readonly string[] =>
        judge({ a }, [{ name: 'a', logicalType: 'number', logicalTypeOptions }]).findings.map(({ rule }) => rule);
      expect(found(2)).to.deep.equal([]);
      expect(found(new Numeral('2.99'))).to.deep.equal([]);
      expect(found(1)).to.deep.equal(['things.Thing.a#exclusiveMinimum']);
      expect(found('3.00')).to.deep.equal(['things.Thing.a#exclusiveMaximum']);
    }
  });

  it('leave out options that the type does not have, and values that no field can have', () => {
    const found = (property: Partial<ContractProperty>, a: unknown): readonly unknown[] =>
      judge({ a }, [{ name: 'a', logicalType: 'string', ...property }]).findings;
    expect(found({ logicalType: 'number', logicalTypeOptions: { pattern: '^1$' } }, 2)).to.deep.equal([]);
    expect(found({ logicalType: 'date', logicalTypeOptions: { minimum: '2024-01-01' } }, '2023-01-01')).to.deep.equal(
      [],
    );
    expect(found({ quality: [{ ...codes(), arguments: { validValues: [1] } }] }, '2')).to.deep.equal([]);
  });

  it('judge each list of values and each pattern of a field, in its own name', () => {
    const quality: readonly QualityRule[] = [
      codes('error'),
      { ...codes('info'), id: 'narrow', arguments: { validValues: ['A', null] } },
      { metric: 'invalidValues', mustBe: 0, arguments: { pattern: '^[A-C]$' }, severity: 'error' },
      { metric: 'invalidValues', mustBe: 0, arguments: { pattern: '^[A-Z]$' }, severity: 'Warning' },
    ];
    const found = (a: unknown, logicalType?: 'string'): readonly string[] =>
      judge({ a }, [{ name: 'a', ...(logicalType ? { logicalType } : {}), quality }])
        .findings.map(({ rule, severity }) => `${rule.split('#')[1]} ${severity}`)
        .sort();
    for (const logicalType of ['string', undefined] as const) {
      expect(found('A', logicalType)).to.deep.equal([]);
      expect(found(null, logicalType)).to.deep.equal([]);
      expect(found('B', logicalType)).to.deep.equal(['narrow info']);
      expect(found('C', logicalType)).to.deep.equal(['known-code error', 'narrow info']);
      expect(found('D', logicalType)).to.deep.equal(['invalidValues error', 'known-code error', 'narrow info']);
      expect(found('d', logicalType)).to.include('invalidValues-2 warning');
    }
  });

  it('judge numbers by a second list of values, too', () => {
    const quality = [1, 2].map((one) => ({ ...codes(), id: `list-${one}`, arguments: { validValues: [one, 7] } }));
    const found = (a: unknown): readonly string[] =>
      judge({ a }, [{ name: 'a', logicalType: 'integer', quality }]).findings.map(({ rule }) => rule);
    expect(found(7)).to.deep.equal([]);
    expect(found(new Numeral('1.0'))).to.deep.equal(['things.Thing.a#list-2']);
    expect(found(2)).to.deep.equal(['things.Thing.a#list-1']);
  });

  it('evaluate nothing of a field of which nothing can be evaluated', () => {
    for (const property of [
      { name: 'a' },
      { name: 'a', logicalType: 'time' },
      { name: 'a', properties: [] },
    ] as const) {
      expect(judge({ a: 7 }, [property])).to.deep.equal({ verdict: 'not_evaluated', findings: [] });
    }
    expect(judge({ a: null }, [{ name: 'a', required: true }]).verdict).to.equal('flagged');
  });

  it('take the first of two properties with one name', () => {
    const twice: readonly ContractProperty[] = [
      { name: 'a', logicalType: 'string', required: true },
      { name: 'a', logicalType: 'integer' },
    ];
    expect(judge({ a: 'x' }, twice).findings).to.deep.equal([]);
    expect(judge({ a: null }, twice).verdict).to.equal('flagged');
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
