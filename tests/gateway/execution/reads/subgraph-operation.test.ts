import { expect } from 'chai';
import { Kind, OperationTypeNode, parse, print, type FieldNode, type OperationDefinitionNode } from 'graphql';
import {
  argumentValues,
  fetchSelection,
  pruneSelection,
  type OperationFrame,
} from '../../../../gateway/execution/reads/subgraph-operation.js';
import type { ReadSelection } from '../../../../gateway/execution/reads/read-field.js';
import { field, selection } from '../small-reads.js';

const variableDefinitions = (
  parse('query ($style: String, $other: Int) { x }').definitions[0] as OperationDefinitionNode
).variableDefinitions!;
const argumentsOf = (text: string): FieldNode['arguments'] =>
  ((parse(`{ x(${text}) }`).definitions[0] as OperationDefinitionNode).selectionSet.selections[0] as FieldNode)
    .arguments;
const frame = (kind: OperationFrame['kind']): OperationFrame => ({
  kind,
  operation: OperationTypeNode.QUERY,
  variableDefinitions,
});
/** The operation that a register is sent when these categories are denied. */
const operation = (
  read: ReadSelection,
  denied: readonly string[] = [],
  kind: OperationFrame['kind'] = 'root',
): string =>
  print(fetchSelection(pruneSelection(read, new Set(denied)), frame(kind)).selection.operation).replace(/\s+/g, ' ');

describe('the operation that a register is sent', () => {
  const address = selection([field('kato', { category: 'address' }), field('street', { category: 'street' })]);

  it('has no field whose category is denied, and no object of which nothing is left', () => {
    const read = selection([field('id'), field('title', { category: 'text' }), field('address', { below: address })]);
    expect(operation(read)).to.equal('{ id title address { kato street } }');
    expect(operation(read, ['text', 'street'])).to.equal('{ id address { kato } }');
    expect(operation(read, ['address', 'street'])).to.equal('{ id title }');
  });

  it('has the sources of a derived field instead of it, while the field is granted', () => {
    const sources = [{ name: 'date', responseKey: '_d_date', category: 'date' }];
    const read = selection([
      field('id'),
      field('year', { category: 'year', derivation: { derive: () => 1, sources } }),
      field('date', { responseKey: '_d_date', origin: 'source', category: 'date' }),
    ]);
    expect(operation(read)).to.equal('{ id _d_date: date }');
    expect(operation(read, ['year'])).to.equal('{ id }');
    expect(operation(read, ['date'])).to.equal('{ id }');
  });

  it('keeps the number that shows which person an answer is about, also if it is denied', () => {
    const read = selection([field('iin', { category: 'id' }), field('title', { category: 'text' })], {
      identity: new Map([['Doc', 'iin']]),
    });
    expect(operation(read, ['id'])).to.equal('{ iin title }');
    expect(operation(selection(read.fields), ['id'])).to.equal('{ title }');
  });

  it('keeps the code of the dwelling that an object tells, also if it is denied', () => {
    const read = selection([field('code', { category: 'home' }), field('title', { category: 'text' })], {
      dwelling: new Map([['Doc', 'code']]),
    });
    expect(operation(read, ['home'])).to.equal('{ code title }');
    expect(operation(read, ['home', 'text'])).to.equal('{ code }');
  });

  it('is whole below a link: the person there is decided on after the answer', () => {
    const link = field('boss', { category: 'work', link: { field: 'id', role: 'boss' }, below: address });
    expect(operation(selection([field('id'), link]), ['address', 'street'])).to.equal('{ id boss { kato street } }');
    expect(operation(selection([field('id'), link]), ['work'])).to.equal('{ id }');
  });

  it('is whole below a link at any depth, and cut around it: the refusals of one person prune nothing of another', () => {
    const owner = field('owner', { category: 'work', link: { field: 'id', role: 'owner' }, below: address });
    const house = field('house', { below: selection([field('kato', { category: 'address' }), owner]) });
    const boss = field('boss', { link: { field: 'id', role: 'boss' }, below: selection([field('iin'), house]) });
    const read = selection([house, boss, field('street', { category: 'street' })]);
    expect(operation(read, ['address', 'street'])).to.equal(
      '{ house { owner { kato street } } boss { iin house { kato owner { kato street } } } }',
    );
  });

  it('selects on types by nested fragments, each once', () => {
    const read = selection([
      field('id'),
      field('title', { within: ['Node', 'Doc'] }),
      field('pages', { within: ['Node', 'Doc'] }),
      field('number', { within: ['Card'] }),
    ]);
    expect(operation(read)).to.equal('{ id ... on Node { ... on Doc { title pages } } ... on Card { number } }');
  });

  it('declares the variables that are still used, and says which', () => {
    const read = selection([
      field('title', { category: 'text', arguments: argumentsOf('style: $style') ?? [] }),
      field('id'),
    ]);
    expect(operation(read)).to.equal('query ($style: String) { title(style: $style) id }');
    expect(operation(read, ['text'])).to.equal('{ id }');
    expect(fetchSelection(pruneSelection(read, new Set()), frame('root')).variables).to.deep.equal(['style']);
    expect(fetchSelection(pruneSelection(read, new Set(['text'])), frame('root')).variables).to.deep.equal([]);
  });

  it('asks for entities by their representations', () => {
    expect(operation(selection([field('id', { within: ['Doc'] })]), [], 'entities')).to.equal(
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Doc { id } } }',
    );
  });

  it('is given as a tree too', () => {
    const read = selection([
      field('tags', { responseKey: 't', list: true, lists: 2, arguments: argumentsOf('first: 2') ?? [] }),
    ]);
    const { selection: tree } = fetchSelection(pruneSelection(read, new Set()), frame('root'));
    const [tags] = tree.fields;
    expect(tree.operation.kind).to.equal(Kind.OPERATION_DEFINITION);
    expect(tags).to.include({
      parentType: 'Doc',
      name: 'tags',
      responseKey: 't',
      type: 'String',
      list: true,
      lists: 2,
    });
    expect({ ...tags?.argumentsFrom?.({}) }).to.deep.equal({ first: 2 });
  });
});

describe('argument values', () => {
  it('leave out an argument whose variable was not given', () => {
    const nodes = argumentsOf('a: $a, b: $b, c: {d: [1, $a]}') ?? [];
    expect(JSON.parse(JSON.stringify(argumentValues(nodes, { a: null })))).to.deep.equal({
      a: null,
      c: { d: [1, null] },
    });
  });

  it('round no numeral of the document', () => {
    const nodes = argumentsOf('a: 9007199254740993, b: [12345678901234567.89, 0.1], c: {d: 7, e: -1e3}, f: X') ?? [];
    expect(JSON.parse(JSON.stringify(argumentValues(nodes, {})))).to.deep.equal({
      ...{ a: '9007199254740993', b: ['12345678901234567.89', 0.1], c: { d: 7, e: -1000 }, f: 'X' },
    });
  });
});
