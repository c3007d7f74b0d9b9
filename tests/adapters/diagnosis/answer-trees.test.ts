import { expect } from 'chai';
import { answerTrees } from '../../../adapters/diagnosis/answer-trees.js';

const treesOf = (...texts: readonly string[]): unknown =>
  JSON.parse(JSON.stringify(answerTrees(texts.map((text) => Buffer.from(text)))));

describe('answers as trees', () => {
  it('are JSON as it is', () => {
    expect(treesOf('{"a":[1,{"b":null}]}')).to.deep.equal([{ a: [1, { b: null }] }]);
  });

  it('are elements by local names, with attributes, and a list where an element is repeated', () => {
    expect(treesOf('<p:a xmlns:p="u"><b code="1">x</b><c>1</c><c>2</c></p:a>')).to.deep.equal([
      { a: { b: { '@code': '1' }, c: ['1', '2'] } },
    ]);
  });

  it('leave out what is neither, or not taken', () => {
    expect(treesOf('<a', '{', '<!DOCTYPE a><a/>')).to.deep.equal([]);
    expect(answerTrees([Buffer.from([0xff])])).to.deep.equal([]);
  });
});
