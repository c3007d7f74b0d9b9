import type { AgencyCase } from '../country/model.js';
import { json, parseObject, type HttpAnswer, type HttpRegister } from '../registers/http-register.js';
import type { Meter } from '../registers/meter.js';
import { carries } from '../registers/secret.js';

export type AgencyTokens = Readonly<Record<AgencyCase['agency'], string>>;

/**
 * The agencies' case systems in one server: `POST /api/v1/cases/facts` says whether the case is open for
 * the purpose, and which of the persons asked about its application or list names. Each agency's token
 * opens its own cases only.
 */
export function caseSystems(cases: readonly AgencyCase[], tokens: AgencyTokens, meter: Meter): HttpRegister {
  const byNumber = new Map(cases.map((agencyCase) => [agencyCase.number, agencyCase]));
  return ({ method, path, headers, body }) => {
    if (method !== 'POST' || path !== '/api/v1/cases/facts') return refusal(404, 'NOT_FOUND');
    const question = readQuestion(parseObject(body));
    meter.count('facts', question?.subjects ?? []);
    if (question === undefined) return refusal(400, 'INVALID_QUESTION');
    const token = Object.entries(tokens).find(([agency]) => agency === question.agency)?.[1];
    if (token === undefined || !carries(headers.authorization, `Bearer ${token}`)) return refusal(401, 'UNAUTHORIZED');
    return json(200, answerTo(question, byNumber.get(question.number)));
  };
}

interface Question {
  readonly agency: string;
  readonly number: string;
  readonly purpose: string;
  readonly subjects: readonly string[];
}

function readQuestion(body: Record<string, unknown> | undefined): Question | undefined {
  const { agency, case: number, purpose, subjects } = body ?? {};
  if (typeof agency !== 'string' || typeof number !== 'string' || typeof purpose !== 'string') return undefined;
  if (!Array.isArray(subjects) || !subjects.every((subject): subject is string => typeof subject === 'string'))
    return undefined;
  return { agency, number, purpose, subjects };
}

interface Fact {
  /** Position of the person among those asked about. */
  readonly subject: number;
  readonly kind: AgencyCase['kind'];
  readonly reference: string;
}

/** A case of another agency or for another purpose is as unknown as one that there is not. */
function answerTo({ agency, purpose, subjects }: Question, agencyCase: AgencyCase | undefined): object {
  if (agencyCase === undefined || agencyCase.agency !== agency || agencyCase.purpose !== purpose)
    return { case: { status: 'unknown' }, facts: [] };
  const { status, kind, reference } = agencyCase;
  const facts = subjects.flatMap((subject, position): Fact[] =>
    subject === agencyCase.subject ? [{ subject: position, kind, reference }] : [],
  );
  return { case: { status }, facts };
}

function refusal(status: number, code: string): HttpAnswer {
  return json(status, { error: { code } });
}
