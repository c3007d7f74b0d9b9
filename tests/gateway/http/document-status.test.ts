import { expect } from 'chai';
import { documentStatus } from '../../../gateway/http/document-status.js';
import { Refusal } from '../../../schemas/refusal.js';

describe('the status of a refused question', () => {
  const GRAPHQL = 'application/graphql-response+json';

  for (const code of [
    'GRAPHQL_PARSE_FAILED',
    'GRAPHQL_VALIDATION_FAILED',
    'OPERATION_RESOLUTION_FAILURE',
    'BAD_USER_INPUT',
  ] as const) {
    it(`is 200 of ${code} for who asks for plain JSON, and 400 for everybody else`, () => {
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
    it(`is ${status} of ${code} for everybody`, () => {
      expect(
        ['application/json', GRAPHQL, undefined].map((accept) => documentStatus(new Refusal(code), accept)),
      ).to.deep.equal([status, status, status]);
    });
  }
});
