import { expect } from 'chai';
import { answerType, asksForPlainJson } from '../../../gateway/http/negotiate.js';

describe('answerType', () => {
  for (const [accept, type] of [
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/json', 'application/json'],
    ['application/graphql-response+json', 'application/graphql-response+json'],
    ['application/json, Application/GraphQL-Response+JSON; charset=utf-8', 'application/graphql-response+json'],
    ['application/graphql-response+json;q=0, application/json', 'application/json'],
    ['application/graphql-response+json;q=0.1', 'application/graphql-response+json'],
  ] as const) {
    it(`answers ${accept ?? 'no wish'} with ${type}`, () => {
      expect(answerType(accept)).to.equal(type);
    });
  }
});

describe('asksForPlainJson', () => {
  for (const [accept, asks] of [
    [undefined, false],
    ['*/*', false],
    ['application/json', true],
    ['Application/JSON; charset=utf-8', true],
    ['application/json, application/graphql-response+json', false],
    ['application/graphql-response+json;q=0, application/json', true],
    ['text/html, application/xhtml+xml', false],
  ] as const) {
    it(`is ${String(asks)} of ${accept ?? 'no wish'}`, () => {
      expect(asksForPlainJson(accept)).to.equal(asks);
    });
  }
});
