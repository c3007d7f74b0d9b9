import { z } from 'zod';
import { recordRead, type RecordingRead } from '../../../monitoring/audit/search/record-read.js';
import type { Approval } from '../approvals/approval.js';
import type { OfficerApprovals } from '../approvals/approvals.js';
import { readerOf } from '../officer.js';
import { approvalRequestOf, type Checking } from '../searching.js';
import { approvalBody, filtersOf, uuid } from './fields.js';
import { assertRole, NONE, route, type OfficerRoute } from './route.js';

const MOST_LISTED = 400;

const officerAnswer = z.object({ agency: z.string(), officer: z.string() });

const approvalAnswer = z
  .object({
    id: z.string(),
    action: z.enum(['search', 'export']),
    state: z.enum(['asked', 'approved', 'refused', 'used', 'expired']),
    asker: officerAnswer,
    second: z.string().nullable().describe('Id of the second officer who decided.'),
    askedAt: z.string(),
    expiresAt: z.string(),
    hash: z.string().describe('SHA-256 of exactly what was asked. Who decides sends it back.'),
    request: z
      .looseObject({ namesPerson: z.boolean(), reason: z.string() })
      .describe('What was asked, but for the number of a person.'),
  })
  .describe('A request for the approval of a second officer.');

export interface ApprovalRoutesDependencies extends Checking {
  readonly approvals: OfficerApprovals;
  readonly recording: RecordingRead;
}

/** Returns the routes by which one officer asks and another decides. Each change is an entry of its own kind. */
export function approvalRoutes({
  approvals,
  recording,
  ...checking
}: ApprovalRoutesDependencies): readonly OfficerRoute[] {
  return [
    route({
      method: 'POST',
      path: '/audit/v1/approvals',
      roles: ['search', 'export'],
      status: 201,
      summary: 'Ask a second officer to approve exactly this request. It holds for 24 hours and one use.',
      parameters: NONE,
      query: NONE,
      body: approvalBody,
      answer: approvalAnswer,
      answers: async (officer, { body: { action, filters, ...asked } }) => {
        assertRole({ roles: [action] }, officer);
        const request = approvalRequestOf(officer, { action, filters: filtersOf(filters), ...asked }, checking);
        return shownApproval(await approvals.ask(officer, request));
      },
    }),
    route({
      method: 'GET',
      path: '/audit/v1/approvals',
      roles: ['search', 'export', 'second'],
      summary: 'What waits for the decision of this officer, and what this officer asked; newest first.',
      parameters: NONE,
      query: NONE,
      answer: z.object({ waiting: z.array(approvalAnswer), asked: z.array(approvalAnswer) }),
      answers: async (officer) => {
        const reading = { act: 'audit_approvals_read', caller: readerOf(officer), limit: MOST_LISTED } as const;
        const { waiting, asked } = await recordRead(recording, reading, async () => {
          const result = await approvals.list(officer);
          return { result, rows: result.waiting.length + result.asked.length };
        });
        return { waiting: waiting.map(shownApproval), asked: asked.map(shownApproval) };
      },
    }),
    ...(['approve', 'refuse'] as const).map((decision) =>
      route({
        method: 'POST',
        path: `/audit/v1/approvals/{approval}/${decision}`,
        roles: ['second'],
        summary: `${decision === 'approve' ? 'Approve' : 'Refuse'} what another officer asked, as it was seen.`,
        parameters: z.strictObject({ approval: uuid }),
        query: NONE,
        body: z.strictObject({
          hash: z
            .string()
            .regex(/^[0-9a-f]{64}$/)
            .describe('The hash of the request that this officer saw.'),
        }),
        answer: approvalAnswer,
        answers: async (officer, { path, body: { hash } }) =>
          shownApproval(await approvals.decide(officer, path.approval, { isApproved: decision === 'approve', hash })),
      }),
    ),
  ];
}

function shownApproval({ id, action, state, asker, second, askedAt, expiresAt, hash, shown }: Approval): object {
  return {
    ...{ id, action, state, askedAt, expiresAt, hash },
    asker: { agency: asker.agency, officer: asker.subject },
    second: second?.subject ?? null,
    request: shown,
  };
}
