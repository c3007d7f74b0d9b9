import { expect } from 'chai';
import { answerType, asksForPlainJson, documentStatus, preferredLanguage } from '../../../gateway/http/negotiate.js';
import { Refusal } from '../../../schemas/refusal.js';

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

describe('the status of a refused question', () => {
  const GRAPHQL = 'application/graphql-response+json';

  for (const code of [
    'GRAPHQL_PARSE_FAILED',
    'GRAPHQL_VALIDATION_FAILED',
    'OPERATION_RESOLUTION_FAILURE',
    'BAD_USER_INPUT',
  ] as const) {
    it(`is 200 of ${code} for a client that asks for plain JSON, and 400 for any other`, () => {
      const statuses = ['application/json', GRAPHQL, `${GRAPHQL}, application/json`, '*/*', undefined].map((accept) =>
        documentStatus(new Refusal(code), accept),
      );
      expect(statuses).to.deep.equal([200, 400, 400, 400, 400]);
    });
  }

  for (const [code, status] of [
    ['BAD_REQUEST', 400],
    ['UNAUTHENTICATED', 401],
    ['POLICY_DENIED', 403],
    ['AUDIT_UNAVAILABLE', 503],
  ] as const) {
    it(`is ${status} of ${code} for every client`, () => {
      expect(
        ['application/json', GRAPHQL, undefined].map((accept) => documentStatus(new Refusal(code), accept)),
      ).to.deep.equal([status, status, status]);
    });
  }
});

describe('preferredLanguage', () => {
  for (const [header, language] of [
    [undefined, 'en'],
    ['', 'en'],
    ['kk', 'kk'],
    ['ru-RU', 'ru'],
    ['KK-Cyrl-KZ', 'kk'],
    ['de, ru;q=0.5, kk;q=0.8', 'kk'],
    ['ru;q=0, kk;q=0.1', 'kk'],
    ['de', 'en'],
    ['rum', 'en'],
    ['ru;q=2, kk;q=x', 'en'],
    ['*', 'en'],
    [`${'de,'.repeat(1_000)}ru`, 'en'],
  ] as const) {
    it(`reads ${JSON.stringify(header?.slice(0, 40))} as ${language}`, () => {
      expect(preferredLanguage(header)).to.equal(language);
    });
  }
});
