import { expect } from 'chai';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../schemas/package-root.js';
import type { Contract, ContractElement, ContractProperty, QualityRule } from '../../../schemas/quality/contract.js';
import { contractRules } from '../../../schemas/quality/contract-rules.js';
import { objectRules } from '../../../schemas/quality/object-rules.js';
import { compileCheck, createContractAjv } from '../../../schemas/quality/record-check.js';
import { STANDARD_VERSIONS } from '../../../schemas/quality/standard.js';

const rulesOf = (schema: Contract['schema'], more: Partial<Contract> = {}) =>
  contractRules({
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: 'things',
    version: '1',
    status: 'active',
    ...(schema ? { schema } : {}),
    ...more,
  }).rules;

/** `about rule`, with `: reason` where the rule is not evaluated. */
const told = (element: ContractElement): readonly string[] =>
  rulesOf([{ name: 'T', properties: [{ name: 'a', ...element }] }]).map(
    ({ about, rule, notEvaluated }) => `${about} ${rule}${notEvaluated === undefined ? '' : `: ${notEvaluated}`}`,
  );

describe('what a contract demands', () => {
  it('is evaluated where it can be said of one value', () => {
    expect(
      told({
        logicalType: 'string',
        required: true,
        unique: false,
        logicalTypeOptions: { minLength: 1, maxLength: 2, pattern: '^a$' },
        quality: [{ metric: 'invalidValues', mustBe: 0, arguments: { validValues: ['a'] } }],
      }),
    ).to.deep.equal(['T.a type', 'T.a required', 'T.a minLength', 'T.a maxLength', 'T.a pattern', 'T.a invalidValues']);
    expect(
      told({
        logicalType: 'integer',
        logicalTypeOptions: { minimum: 1, exclusiveMinimum: true, exclusiveMaximum: false },
      }),
    ).to.deep.equal(['T.a type', 'T.a minimum', 'T.a exclusiveMinimum']);
  });

  it('is listed with the reason where it is not evaluated', () => {
    const one = 'Tereze judges one record at a time';
    expect(told({ unique: true, primaryKey: true, relationships: [{}] })).to.deep.equal([
      `T.a unique: ${one}`,
      `T.a primaryKey: ${one}`,
      `T.a relationship: ${one}`,
    ]);
    expect(told({ logicalType: 'time', logicalTypeOptions: { minimum: '10:00' } })).to.deep.equal([
      'T.a type: Tereze has no type for a time of day',
      'T.a minimum: Tereze does not judge by it',
    ]);
    expect(told({ logicalType: 'string', logicalTypeOptions: { pattern: '^(?!x)', format: 'email' } })).to.deep.equal([
      'T.a type',
      'T.a pattern: RE2 cannot run the pattern',
      'T.a format: Tereze does not judge by it',
    ]);
    expect(
      told({ logicalType: 'integer', logicalTypeOptions: { exclusiveMinimum: true, multipleOf: 5 } }),
    ).to.deep.equal([
      'T.a type',
      'T.a exclusiveMinimum: it is no bound',
      'T.a multipleOf: Tereze does not judge by it',
    ]);
    expect(told({ logicalType: 'object', required: true, properties: [{ name: 'b', logicalType: 'string' }] }))
      .to.have.length(3)
      .and.satisfy((lines: readonly string[]) => lines.every((line) => line.includes(': ')));
    expect(told({ logicalType: 'array', items: { logicalType: 'string', required: true } })[2]).to.match(
      /^T\.a\[\] required: a member/,
    );
  });

  for (const [rule, reason] of [
    [{ metric: 'nullValues', mustBe: 0 }, 'it counts a data set'],
    [{ metric: 'rowCount', mustBe: 0 }, 'it counts a data set'],
    [{ type: 'library', rule: 'duplicateCount', mustBe: 0 }, 'it has no metric: a rule of v3.0'],
    [{ metric: 'invalidValues', mustBe: 5 }, 'it is about a share of a data set'],
    [{ metric: 'invalidValues', mustBeLessThan: 5 } as QualityRule, 'it is about a share of a data set'],
    [{ metric: 'invalidValues', mustBe: 0 }, 'it has no arguments'],
    [{ metric: 'invalidValues', mustBe: 0, arguments: {} }, 'it has no arguments'],
    [{ metric: 'invalidValues', mustBe: 0, arguments: { validValues: [1] } }, 'no list of texts in quotes'],
    [{ metric: 'invalidValues', mustBe: 0, arguments: { validValues: [null] } }, 'no list of texts in quotes'],
    [{ metric: 'invalidValues', mustBe: 0, arguments: { validValues: 'a' } }, 'no list of texts in quotes'],
    [{ metric: 'invalidValues', mustBe: 0, arguments: { pattern: '(?=a)' } }, 'RE2 cannot run the pattern'],
    [
      { metric: 'invalidValues', mustBe: 0, arguments: { pattern: 'a', caseSensitive: false } },
      'does not know the argument "caseSensitive"',
    ],
    [{ type: 'text' }, 'written for people'],
    [{ type: 'sql' }, 'query of the register’s database'],
    [{ type: 'custom', engine: 'soda', implementation: 'x' }, 'for the engine "soda"'],
  ] as const satisfies readonly (readonly [QualityRule, string])[]) {
    it(`is not evaluated: ${JSON.stringify(rule)}`, () => {
      const [, line = ''] = told({ logicalType: 'string', quality: [rule] });
      expect(line).to.include(reason);
    });
  }

  it('counts once in an object or property that repeats a name, and then says so', () => {
    const properties = [
      { name: 'a', logicalType: 'string' },
      { name: 'a', required: true },
    ] as const;
    const reasons = rulesOf([
      { name: 'T', properties },
      { name: 'T', properties: [{ name: 'b', required: true }] },
    ]).map(({ notEvaluated }) => notEvaluated);
    expect(reasons).to.deep.equal([undefined, 'a property above has the name a', 'an object above has the name T']);
  });

  it('includes the promises of the service', () => {
    expect(rulesOf(undefined, { slaProperties: [{ property: 'latency' }] })).to.deep.equal([
      { about: 'slaProperties', rule: 'latency', path: ['slaProperties', 0], notEvaluated: 'a promise of the service' },
    ]);
    expect(rulesOf(undefined)).to.deep.equal([]);
  });

  it('leaves no key of the standard without a place: each demands something, or describes', () => {
    const demands = 'logicalType logicalTypeOptions required unique primaryKey quality relationships properties items';
    const describes =
      'id name physicalName physicalType businessName description authoritativeDefinitions tags customProperties ' +
      'dataGranularityDescription primaryKeyPosition partitioned partitionKeyPosition classification encryptedName ' +
      'transformSourceObjects transformLogic transformDescription examples criticalDataElement';
    const known = new Set(`${demands} ${describes}`.split(' '));
    for (const version of STANDARD_VERSIONS) {
      const file = join(packageRoot(), 'schemas', 'quality', 'standard', `odcs-json-schema-${version}.json`);
      const { $defs: parts } = JSON.parse(readFileSync(file, 'utf8')) as { $defs: Record<string, unknown> };
      const keys = [
        'SchemaElement',
        'SchemaObject',
        'SchemaBaseProperty',
        'SchemaProperty',
        'SchemaItemProperty',
      ].flatMap((part) => memberNames(parts[part]));
      expect(
        keys.filter((key) => !known.has(key)),
        version,
      ).to.deep.equal([]);
      expect(keys).to.include.members(['quality', 'items', 'name']);
    }
  });
});

/** Options with values that some versions of the standard allow, and some that none allows. */
const OPTIONS = {
  minLength: [0, 3, '9007199254740993'],
  maxLength: [2],
  pattern: ['^a+$', 'a', '(?=a)', '['],
  format: ['email'],
  minimum: [1, '19.10', '2024-01-01'],
  maximum: ['12345678901234567.89'],
  exclusiveMinimum: [true, false, 1],
  exclusiveMaximum: [true, '7'],
  multipleOf: [5],
  minItems: [1],
};
const TYPES = ['string', 'date', 'timestamp', 'time', 'integer', 'number', 'decimal', 'boolean', 'object', 'array'];

const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });

const anyOptions = fc.record(
  Object.fromEntries(Object.entries(OPTIONS).map(([name, values]) => [name, fc.constantFrom<unknown>(...values)])),
  { requiredKeys: [] },
);
const anyLibraryRule = fc.record(
  {
    id: fc.constantFrom('a', 'b', 7),
    type: fc.constantFrom('library', 'text', 'sql'),
    metric: fc.constantFrom('invalidValues', 'nullValues', 'rowCount', 7),
    mustBe: fc.constantFrom<unknown>(0, 0, 0, 1, '0', undefined),
    arguments: fc.constantFrom<unknown>(
      { validValues: ['a', 'a', null] },
      { validValues: [1, '2.0'] },
      { pattern: '^a' },
      { pattern: '(?=a)', validValues: ['a'] },
      { pattern: 'a', validValues: ['a'] },
      undefined,
      7,
    ),
    severity: fc.constantFrom('error', 'critical'),
  },
  { requiredKeys: ['mustBe', 'arguments', 'metric'] },
);
const anyElement = fc.record(
  {
    logicalType: optional(fc.constantFrom(...TYPES)),
    logicalTypeOptions: anyOptions,
    required: fc.boolean(),
    unique: fc.boolean(),
    criticalDataElement: fc.boolean(),
    quality: fc.array(anyLibraryRule, { maxLength: 4 }),
  },
  { requiredKeys: [] },
);

describe('what a contract demands, and what is compiled of it', () => {
  it('are the same: each rule that is called evaluated is compiled, and nothing else is', () => {
    const ajv = createContractAjv();
    fc.assert(
      fc.property(fc.array(anyElement, { maxLength: 3 }), (elements) => {
        const properties = elements.map((element, at) => ({ ...element, name: `f${at}` }) as ContractProperty);
        const object = { name: 'T', properties };
        const evaluated = rulesOf([object]).filter(({ notEvaluated }) => notEvaluated === undefined);
        const rules = objectRules({ id: 'things' }, object);
        const ofFields = [...rules.fields.values()].flatMap(({ schema, decimal, required }) => [
          // `format` and `not` say what `type` and `required` of the contract say.
          ...Object.keys(schema).filter((keyword) => keyword !== 'format' && keyword !== 'not'),
          // A text with bounds has a type of its own already.
          ...Object.keys(decimal ?? {}).filter((keyword) => keyword !== 'type' || schema['type'] === undefined),
          ...(required ? ['required'] : []),
        ]);
        expect(ofFields.length + rules.records.length).to.equal(evaluated.length);
        const { check } = compileCheck(
          ajv,
          rules,
          properties.map(({ name }) => name),
          () => ({ factDate: '2026-03-02' }),
        );
        for (const value of ['a', 7, null, true, undefined])
          check(Object.fromEntries(properties.map(({ name }) => [name, value])));
      }),
      { numRuns: 500 },
    );
  });
});

/** Names of members that a JSON Schema has at its own level: its `properties`, and those of `allOf` and `then`. */
function memberNames(schema: unknown): readonly string[] {
  const {
    properties = {},
    allOf = [],
    then,
  } = schema as {
    properties?: object;
    allOf?: readonly unknown[];
    then?: unknown;
  };
  return [...Object.keys(properties), ...allOf.flatMap(memberNames), ...(then === undefined ? [] : memberNames(then))];
}
