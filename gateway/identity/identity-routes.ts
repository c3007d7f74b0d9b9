import { z } from 'zod';
import { textFault } from '../../schemas/caller-texts/text-fault.js';
import type { ErrorCode } from '../../schemas/errors.js';
import { Refusal } from '../../schemas/refusal.js';
import { NONE, route, type OfficerRoute } from '../officers/routes/route.js';
import { IdentifyRefused, type Identifying, type IdentifyRefusal } from './identify.js';
import type { IdentifyRequest } from './request-store.js';

/** A text of an officer: never with the number of a person, in any script of digits. */
const officersText = (least: number, most: number) =>
  z
    .string()
    .min(least)
    .max(most)
    .refine((text) => textFault(text) === undefined);

const place = z.strictObject({
  log: z.string().regex(/^tereze\/[0-9]{1,3}$/),
  index: z.int().min(0),
  position: z.int().min(0).max(65_535),
});
const askBody = z.strictObject({
  reason: officersText(10, 500),
  case: z.strictObject({ agency: officersText(1, 63), number: officersText(1, 64) }),
  people: z.array(place).min(1).max(10_001),
});
const hashBody = z.strictObject({ hash: z.string().regex(/^[0-9a-f]{64}$/) });
const idPath = z.strictObject({ request: z.uuid() });

const officer = z.object({ issuer: z.string(), subject: z.string(), agency: z.string() });
const decision = z.object({ by: officer, at: z.string() }).nullable();
const shown = z.object({
  ...{ id: z.string(), hash: z.string(), asker: officer, reason: z.string(), people: z.int() },
  case: z.object({ agency: z.string(), number: z.string() }),
  ...{
    askedAt: z.string(),
    expiresAt: z.string(),
    approved: decision,
    refused: decision,
    usedAt: z.string().nullable(),
  },
});
const identified = z.object({
  people: z.array(
    z.object({
      ...{ log: z.string(), index: z.int(), position: z.int() },
      ...{ number: z.string().optional(), missing: z.string().optional() },
    }),
  ),
});

/** Returns the addresses of the identity process. None of them has the number of a person in it. */
export function identityRoutes(identifying: Identifying): readonly OfficerRoute[] {
  const one = { parameters: idPath, query: NONE };
  return [
    route({
      method: 'POST',
      path: '/identity/v1/requests',
      roles: ['identify'],
      summary: 'Asks for the numbers of people of entries. Another officer approves by the hash of the answer.',
      ...{ status: 201, parameters: NONE, query: NONE, body: askBody, answer: shown },
      answers: async (asker, { body: { people: places, ...why } }) =>
        told(() => shownRequest(identifying.ask(asker, { ...why, places }))),
    }),
    ...(['identify', 'second'] as const).map((role) =>
      route({
        method: 'GET',
        path: role === 'identify' ? '/identity/v1/requests/{request}' : '/identity/v1/requests/{request}/decision',
        roles: [role],
        summary:
          role === 'identify' ? 'Shows a request to its asker.' : 'Shows a request to those who may decide on it.',
        ...{ ...one, answer: shown },
        answers: async (present, { path }) => told(() => shownRequest(identifying.show(present, path.request))),
      }),
    ),
    route({
      method: 'POST',
      path: '/identity/v1/requests/{request}/approval',
      roles: ['second'],
      summary: 'Approves exactly the request with this hash.',
      ...{ ...one, body: hashBody, answer: shown },
      answers: async (second, { path, body }) =>
        told(() => shownRequest(identifying.approve(second, path.request, body.hash))),
    }),
    route({
      method: 'POST',
      path: '/identity/v1/requests/{request}/refusal',
      roles: ['second'],
      summary: 'Refuses it for good.',
      ...{ ...one, body: hashBody, answer: shown },
      answers: async (second, { path, body }) =>
        told(() => shownRequest(identifying.refuse(second, path.request, body.hash))),
    }),
    route({
      method: 'POST',
      path: '/identity/v1/requests/{request}/people',
      roles: ['identify'],
      summary: 'Says the numbers to the asker, once.',
      ...{ ...one, body: hashBody, answer: identified },
      answers: async (asker, { path, body }) =>
        told(async () => ({ people: await identifying.identify(asker, path.request, body.hash) })),
    }),
  ];
}

/** A request without the places of its people: who approves sees how many there are. */
function shownRequest(request: IdentifyRequest): object {
  const shown: Partial<IdentifyRequest> = { ...request };
  delete shown.places;
  return shown;
}

const CODES: Readonly<Partial<Record<IdentifyRefusal, ErrorCode>>> = {
  role: 'ROLE_REQUIRED',
  too_many_people: 'AUDIT_REQUEST_INVALID',
  repeated_person: 'AUDIT_REQUEST_INVALID',
  too_many_requests: 'IDENTIFY_BUDGET_SPENT',
  budget: 'IDENTIFY_BUDGET_SPENT',
  store: 'AUDIT_UNAVAILABLE',
};

async function told<Result>(step: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof IdentifyRefused)) throw error;
    throw new Refusal(CODES[error.reason] ?? 'APPROVAL_INVALID', { reasons: [error.reason], cause: error });
  }
}
