import { expect } from 'chai';
import { parseDocument, pickOperation } from '../../../../gateway/planning/document/parse.js';
import { refusal } from '../preparing.js';
import { parse } from 'graphql';

const parsed = (text: string, limits = { maxBytes: 100, maxTokens: 10 }): Promise<string> =>
  refusal(() => parseDocument(text, limits));

describe('planning: parse', () => {
  it('parses what is GraphQL', () => {
    expect(parseDocument('{ a }', { maxBytes: 100, maxTokens: 10 }).definitions).to.have.length(1);
  });

  it('refuses what is not, without quoting it', async () => {
    expect(await parsed('')).to.equal('GRAPHQL_PARSE_FAILED empty');
    expect(await parsed(' \n')).to.equal('GRAPHQL_PARSE_FAILED empty');
    expect(await parsed('{ a(iin: 800101390011')).to.equal('GRAPHQL_PARSE_FAILED syntax');
    expect(await parsed('{ a(iin: "800101390011) }')).to.equal('GRAPHQL_PARSE_FAILED syntax');
  });

  it('refuses too many tokens as such', async () => {
    expect(await parsed('{ a b c d e f g h i j }')).to.equal('QUERY_TOO_COMPLEX tokens');
  });

  it('counts bytes, not characters', async () => {
    expect(await parsed(`{ a } # ${'ғ'.repeat(46)}`)).to.equal('nothing was refused');
    expect(await parsed(`{ a } # ${'ғ'.repeat(47)}`)).to.equal('QUERY_TOO_COMPLEX bytes');
  });
});

const TWO = parse('query A { a } query B { b }');

describe('planning: operation', () => {
  it('is the one that is named, or the only one', () => {
    expect(pickOperation(TWO, 'B').name?.value).to.equal('B');
    expect(pickOperation(parse('query A { a }'), undefined).name?.value).to.equal('A');
    expect(pickOperation(parse('{ a }'), undefined).name).to.equal(undefined);
  });

  for (const [what, document, name] of [
    ['two without a name', TWO, undefined],
    ['a name that is not there', TWO, 'C'],
    ['a name for an operation without one', parse('{ a }'), 'A'],
    ['an empty name', TWO, ''],
    ['no operation', parse('fragment f on T { a }'), undefined],
  ] as const) {
    it(`is refused with ${what}`, async () => {
      expect(await refusal(() => pickOperation(document, name))).to.equal('OPERATION_RESOLUTION_FAILURE');
    });
  }
});
