import { expect } from 'chai';
import { Numeral } from '../../schemas/numeral.js';
import type { Quality, RecordVerdict } from '../../schemas/ports/quality.js';

/** Contracts of registers, and one type that they describe; undefined: they describe none. */
export interface QualityUnderTest {
  readonly quality: Quality;
  readonly described?: DescribedType;
}

export interface DescribedType {
  readonly register: string;
  readonly type: string;
  /** A record in order, of values that no rule id holds. */
  readonly record: Readonly<Record<string, unknown>>;
  /** A value that breaks a rule of its own, by field; no other record holds it. */
  readonly broken: { readonly field: string; readonly value: string };
}

const VERDICTS: readonly RecordVerdict['verdict'][] = ['pass', 'flagged', 'rejected', 'not_evaluated'];

/** What a register can put in the place of a field. */
const HOSTILE: readonly unknown[] = [
  undefined,
  null,
  0,
  -1,
  Number.MAX_VALUE,
  new Numeral('19.10'),
  new Numeral('-9007199254740993'),
  '',
  ' ',
  '\u0000',
  'a'.repeat(100_000),
  true,
  [],
  [[]],
  {},
  { constructor: 1 },
  JSON.parse('{"__proto__":{"polluted":true}}'),
];

/** What every `Quality` promises. */
export function describeQuality(name: string, open: () => QualityUnderTest): void {
  describe(`${name} keeps the contract of Quality`, () => {
    const { quality, described } = open();

    it('has no check for what it does not describe', () => {
      expect(quality.prepare('nowhere', 'Citizen', ['iin'])).to.equal(undefined);
      expect(quality.prepare(described?.register ?? 'nowhere', 'Nothing', ['iin'])).to.equal(undefined);
      expect(quality.prepare('__proto__', 'constructor', ['toString'])).to.equal(undefined);
    });

    it('names a version, also of what it does not describe', () => {
      expect(quality.contractVersion('nowhere')).to.be.a('string');
      if (described !== undefined) expect(quality.contractVersion(described.register)).to.match(/^\d+\.\d+\.\d+/);
    });

    if (described !== undefined) describeChecks(quality, described);
  });
}

function describeChecks(quality: Quality, { register, type, record, broken }: DescribedType): void {
  const fields = Object.keys(record);
  const check = (changed: Readonly<Record<string, unknown>> = {}, of: readonly string[] = fields): RecordVerdict => {
    const prepared = quality.prepare(register, type, of) ?? expect.fail('no check');
    return prepared.check({ ...record, ...changed });
  };

  it('passes a record in order, and says the same of it again', () => {
    expect(check()).to.deep.equal({ verdict: 'pass', findings: [] });
    expect(check()).to.deep.equal(check());
  });

  it('prepares a set of fields once, in any order', () => {
    expect(quality.prepare(register, type, fields)).to.equal(quality.prepare(register, type, [...fields].reverse()));
  });

  it('tells rule and field of what is broken, never a value', () => {
    const { verdict, findings } = check({ [broken.field]: broken.value });
    expect(verdict).to.be.oneOf(['flagged', 'rejected']);
    expect(findings.map(({ field }) => field)).to.include(broken.field);
    for (const { rule } of findings) expect(rule).to.match(new RegExp(`^[\\w.-]+\\.${type}\\.[\\w.]*#[\\w-]+$`));
    expect(JSON.stringify(findings)).to.not.include(broken.value);
  });

  it('does not look at fields that it was not prepared for', () => {
    const others = fields.filter((field) => field !== broken.field);
    expect(check({ [broken.field]: broken.value }, others).findings).to.deep.equal([]);
  });

  it('keeps nothing of one record for the next', () => {
    check({ [broken.field]: broken.value });
    expect(check()).to.deep.equal({ verdict: 'pass', findings: [] });
  });

  it('leaves a record as it is', () => {
    const prepared = quality.prepare(register, type, fields) ?? expect.fail('no check');
    prepared.check(Object.freeze({ ...record, [broken.field]: broken.value }));
  });

  it('judges everything that a register sends, and never throws', () => {
    for (const field of fields) {
      for (const value of HOSTILE) {
        const { verdict, findings } = check({ [field]: value });
        expect(verdict).to.be.oneOf([...VERDICTS]);
        expect(findings.length > 0).to.equal(
          verdict === 'flagged' || verdict === 'rejected',
          `${field}: ${JSON.stringify(value)?.slice(0, 20) ?? 'nothing'}`,
        );
      }
    }
    const bare = quality.prepare(register, type, fields) ?? expect.fail('no check');
    expect(bare.check(Object.assign(Object.create(null) as object, record) as Record<string, unknown>)).to.deep.equal({
      verdict: 'pass',
      findings: [],
    });
  });
}
