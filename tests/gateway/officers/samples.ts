import { CITIZEN } from '../auth/party.js';
import { HOUSING_REQUEST, OFFICERS, rolesOf, type Desk } from './desk.js';

/** A request that a route answers for an officer who may see agency housing. */
export interface Sample {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  readonly status: number;
  /** Kinds of the entries that it leaves. Default: those of a reading. */
  readonly recorded?: readonly string[];
  /** Makes what the request of this officer is about, and returns the request. */
  readonly prepare?: (desk: Desk, officer: string) => Promise<{ readonly path: string; readonly body: object }>;
}

export const GROUNDS = {
  reason: 'a complaint of the applicant',
  case: { agency: 'housing', number: 'HQ-2026-000101' },
};

/** A search that needs a second officer, as it is asked for. */
export const ABOUT_OFFICER = { action: 'search', filters: { officer: 'colleague' }, ...GROUNDS };

/** Asks as an officer of agency housing. Resolves with the id and the hash of the request. */
export async function askApproval(
  desk: Desk,
  body: object = ABOUT_OFFICER,
  asker = 'local',
): Promise<{ readonly id: string; readonly hash: string }> {
  const { status, text, body: answer } = await desk.ask(asker, 'POST', '/audit/v1/approvals', { body });
  if (status !== 201) throw new Error(text);
  return { id: String(answer['id']), hash: String(answer['hash']) };
}

/** What an officer exports, as it is asked for. */
export const EXPORT = { action: 'export', format: 'jsonl', filters: {}, ...GROUNDS } as const;

/** Asks for an export as this officer, and has it approved. Resolves with the body that then exports. */
export async function approvedExport(desk: Desk, asker: string, asked: object = EXPORT): Promise<object> {
  const { id, hash } = await askApproval(desk, asked, asker);
  const path = `/audit/v1/approvals/${id}/approve`;
  const { status, text } = await desk.ask('overseer', 'POST', path, { body: { hash } });
  if (status !== 200) throw new Error(text);
  const { action: _action, ...body } = { action: undefined, ...asked };
  void _action;
  return { ...body, approval: id };
}

function decision(name: 'approve' | 'refuse'): Sample {
  const pathOf = (id: string): string => `/audit/v1/approvals/${id}/${name}`;
  return {
    method: 'POST',
    path: pathOf('00000000-0000-4000-8000-0000000000ff'),
    body: { hash: '0'.repeat(64) },
    status: 200,
    recorded: ['approval'],
    prepare: async (desk) => {
      const { id, hash } = await askApproval(desk);
      return { path: pathOf(id), body: { hash } };
    },
  };
}

const isExporter = (name: string): boolean =>
  OFFICERS.some((officer) => officer === name && rolesOf(officer).includes('export'));

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
  'POST /audit/v1/approvals': {
    method: 'POST',
    path: '/audit/v1/approvals',
    body: ABOUT_OFFICER,
    status: 201,
    recorded: ['approval'],
  },
  'GET /audit/v1/approvals': { method: 'GET', path: '/audit/v1/approvals', status: 200 },
  'POST /audit/v1/approvals/{approval}/approve': decision('approve'),
  'POST /audit/v1/approvals/{approval}/refuse': decision('refuse'),
  'POST /audit/v1/exports': {
    method: 'POST',
    path: '/audit/v1/exports',
    status: 200,
    recorded: ['approval', 'audit_read', 'audit_read_end'],
    prepare: async (desk, officer) => {
      const asker = isExporter(officer) ? officer : 'local';
      return { path: '/audit/v1/exports', body: await approvedExport(desk, asker) };
    },
  },
  'GET /audit/v1/verification': { method: 'GET', path: '/audit/v1/verification', status: 200 },
};
