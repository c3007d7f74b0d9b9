import { expect } from 'chai';
import { answerType } from '../../gateway/http/media-type.js';

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
