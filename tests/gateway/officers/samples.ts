import { CITIZEN } from '../auth/party.js';
import { HOUSING_REQUEST } from './desk.js';

/** A request that a route answers for an officer who may see agency housing. */
export interface Sample {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  readonly status: number;
}

export const GROUNDS = {
  reason: 'a complaint of the applicant',
  case: { agency: 'housing', number: 'HQ-2026-000101' },
};

/** One for each route, by method and path as the route has them. A route without one fails the tests that need it. */
export const SAMPLES: Readonly<Record<string, Sample>> = {
  'GET /audit/v1/entries': { method: 'GET', path: '/audit/v1/entries?kind=completion', status: 200 },
  'POST /audit/v1/searches': {
    method: 'POST',
    path: '/audit/v1/searches',
    body: { person: CITIZEN, ...GROUNDS },
    status: 200,
  },
  'GET /audit/v1/entries/{log}/{index}': { method: 'GET', path: '/audit/v1/entries/0/1', status: 200 },
  'GET /audit/v1/requests/{request}': { method: 'GET', path: `/audit/v1/requests/${HOUSING_REQUEST}`, status: 200 },
  'GET /audit/v1/counts': {
    method: 'GET',
    path: '/audit/v1/counts?since=2026-11-23T00:00:00Z&until=2026-11-24T00:00:00Z',
    status: 200,
  },
  'GET /audit/v1/verification': { method: 'GET', path: '/audit/v1/verification', status: 200 },
};
