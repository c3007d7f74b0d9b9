import { expect } from 'chai';
import { parse, print, type OperationDefinitionNode } from 'graphql';
import {
  conditionValues,
  conditionVariablesIn,
  foreseenVariables,
  settleConditions,
} from '../../../../gateway/planning/document/conditions.js';
import { composeCatalogue } from '../../../../schemas/catalogue/compose.js';
import { registers } from '../../../schemas/catalogue/registers.js';
import { COUNTRY } from '../country.js';
import { notingPlanner, preparer } from '../preparing.js';

const TEXT =
  'query A($a: Boolean!, $b: Boolean = true, $c: Boolean = false) { x @skip(if: $a) ...F } query B($b: Boolean = false) { x @skip(if: $b) } fragment F on Query { y @include(if: $b) @skip(if: $c) z @include(if: true) }';

describe('planning: condition values', () => {
  const conditions = conditionVariablesIn(parse(TEXT), 'A');

  it('are of the variables of @skip and @include, with the defaults of the operation that is asked', () => {
    expect(conditions).to.deep.equal([
      { name: 'a', byDefault: false },
      { name: 'b', byDefault: true },
      { name: 'c', byDefault: false },
    ]);
    expect(conditionVariablesIn(parse(TEXT), 'B')).to.deep.include({ name: 'b', byDefault: false });
    expect(conditionVariablesIn(parse(TEXT), 'none')).to.deep.include({ name: 'b', byDefault: false });
  });

  it('hold when a request says so, or says nothing and the document does', () => {
    expect([...conditionValues(conditions, { a: true })]).to.deep.equal([
      ['a', true],
      ['b', true],
      ['c', false],
    ]);
    expect([...conditionValues(conditions, { a: 'true', b: null, c: 1 }).values()]).to.deep.equal([
      false,
      false,
      false,
    ]);
    expect([
      ...conditionValues(conditions, Object.create({ a: true }) as Record<string, unknown>).values(),
    ]).to.deep.equal([false, true, false]);
  });

  it('are foreseen while they are few', () => {
    expect(foreseenVariables([])).to.deep.equal([{}]);
    expect(foreseenVariables(conditions)).to.have.length(8).and.deep.include({ a: true, b: false, c: true });
    expect(foreseenVariables([...'abcdef'].map((name) => ({ name, byDefault: false })))).to.equal(undefined);
  });

  it('have a plan each, without conditions, made once', async () => {
    const planner = notingPlanner();
    const documents = preparer(composeCatalogue(registers(COUNTRY)), planner);
    const text = 'query($iin: Iin!, $deep: Boolean!) { person(iin: $iin) { name ... @include(if: $deep) { rate } } }';
    const ask = (variables: Readonly<Record<string, unknown>>) =>
      documents.prepare(text, undefined, undefined, { variables });
    const [deep, again, flat] = await Promise.all([
      ask({ deep: true }),
      ask({ deep: true, iin: '1' }),
      ask({ deep: false }),
    ]);
    expect(deep).to.equal(again);
    expect(deep.documentHash).to.equal(flat.documentHash);
    expect(planner.given.map((given) => given.replace(/\s+/g, ' ')))
      .to.have.length(2)
      .and.satisfy(
        (given: string[]) =>
          given.every((one) => !one.includes('@')) && given.filter((one) => one.includes('rate')).length === 1,
      );
  });
});

const settled = (selection: string): string =>
  print(
    settleConditions(
      parse(`query Q($a: Boolean!, $b: Boolean!) { ${selection} }`).definitions[0] as OperationDefinitionNode,
    ),
  )
    .replace(/^query [^{]*\{\s*/, '')
    .replace(/\}$/, '')
    .replace(/\s+/g, ' ')
    .trim();

describe('settling conditions', () => {
  for (const [selection, wanted] of [
    ['x @skip(if: $a)', 'x @skip(if: $a)'],
    ['x @include(if: true) y @skip(if: false)', 'x y'],
    ['x @include(if: false) y @skip(if: true) z', 'z'],
    ['x @skip(if: $a) { y @skip(if: $a) z @include(if: $a) }', 'x @skip(if: $a) { y }'],
    [
      'x @include(if: $a) { ... @include(if: $b) { y @include(if: $b) { z @skip(if: $a) } } }',
      'x @include(if: $a) { ... @include(if: $b) { y { __typename } } }',
    ],
    ['x @skip(if: $a) @include(if: $a) z', 'z'],
    ['x @skip(if: $a) @skip(if: $a)', 'x @skip(if: $a)'],
    ['x { y @skip(if: true) }', 'x { __typename }'],
    ['x { ... on T @skip(if: $a) { ... { y @include(if: $a) } } }', 'x { __typename }'],
    ['x @skip(if: $a) { y } z @include(if: $a)', 'x @skip(if: $a) { y } z @include(if: $a)'],
    ['x @other(if: $a) { y @skip(if: $a) }', 'x @other(if: $a) { y @skip(if: $a) }'],
  ] as const) {
    it(`makes ${wanted} of ${selection}`, () => {
      expect(settled(selection)).to.equal(wanted);
    });
  }

  it('leaves nothing of an operation of which nothing takes part', () => {
    const { selectionSet } = settleConditions(parse('{ x @skip(if: true) }').definitions[0] as OperationDefinitionNode);
    expect(selectionSet.selections).to.deep.equal([]);
  });
});
