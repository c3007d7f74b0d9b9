import type { ChangedConsent, ConsentPage, PageRequest } from '../../../policies/consent/port.js';
import type { ConsentRequest } from '../../../policies/consent/request.js';
import { caseFault, type CasePatterns } from '../../../schemas/caller-texts/case-number.js';
import type { Clock } from '../../../schemas/ports/clock.js';
import { Refusal } from '../../../schemas/refusal.js';
import { instantMs } from '../../../schemas/time/instant.js';
import type { Admitted, Change, Planned } from '../../request.js';
import { exactFields, optionalTextField, optionalTextList } from './body-fields.js';
import { readPage } from './page-parameters.js';

/** A citizen's act on the citizen's own consents. */
export type ConsentWork =
  | { readonly act: 'give'; readonly terms: ConsentTerms }
  | { readonly act: 'withdraw' | 'confirm'; readonly consentId: string }
  | { readonly act: 'list'; readonly page: PageRequest };

/** What the citizen agrees to. */
export interface ConsentTerms {
  readonly agency: string;
  readonly purpose: string;
  readonly caseNumber: string | undefined;
  readonly categories: readonly string[];
  /** Real time, RFC 3339 in UTC. */
  readonly validUntil: string;
  /** The only person who may agree, if an agency asked one person. */
  readonly askedOf: string | undefined;
}

/** The citizen, who may act on no other person's consents. */
export interface ConsentAllowed {
  readonly person: string;
}

/** The page of consents that a citizen asked to see, or the change of one that `record` makes. */
export type ConsentOutcome = { readonly page: ConsentPage } | { readonly change: Change<ChangedConsent> };

export interface PlanConsentDependencies {
  readonly clock: Clock;
  /** Opens the sealed request of an agency's answer. Returns undefined if it is not ours or was changed. */
  readonly openRequest: (sealed: string) => ConsentRequest | undefined;
  /** The forms of case numbers that agencies declare. */
  readonly casePatterns: CasePatterns;
  readonly knows: { agency(id: string): boolean; purpose(id: string): boolean; category(id: string): boolean };
  /** The most that a consent takes: characters of a sealed request, and categories. */
  readonly longest: { readonly request: number; readonly categories: number };
  /** Days for which a consent holds if the citizen names no end (`defaultDays`), and at most (`maxDays`). */
  readonly defaultDays: number;
  readonly maxDays: number;
}

const DAY_MS = 86_400_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Reads `POST /consents`, `POST /consents/{id}/withdraw`, `POST /consents/{id}/confirm`, `GET /consents`. */
export async function planConsent(
  request: Admitted,
  dependencies: PlanConsentDependencies,
): Promise<Planned<ConsentWork>> {
  const work = readWork(request, dependencies);
  return {
    ...request,
    question: {
      surface: 'consents',
      purpose: request.purpose,
      case: null,
      documentHash: null,
      documentName: null,
      operationName: `${work.act}Consent`,
    },
    named: { numbers: namedIn(work, request.caller), handles: [] },
    work,
  };
}

/** The citizen, and the person that a sealed request was made for. */
function namedIn(work: ConsentWork, { person }: Admitted['caller']): readonly string[] {
  const asked = work.act === 'give' ? work.terms.askedOf : undefined;
  return [...new Set([person, asked].filter((one) => one !== undefined))];
}

function readWork(request: Admitted, dependencies: PlanConsentDependencies): ConsentWork {
  if (request.http.method === 'GET') return { act: 'list', page: readPage(request.http.query) };
  const consentId = request.http.parameters['id'];
  if (consentId === undefined) return { act: 'give', terms: readTerms(request, dependencies) };
  if (!UUID.test(consentId)) throw new Refusal('CONSENT_NOT_FOUND');
  return { act: request.http.parameters['act'] === 'confirm' ? 'confirm' : 'withdraw', consentId };
}

function readTerms({ body, caller }: Admitted, dependencies: PlanConsentDependencies): ConsentTerms {
  const fields = exactFields(body, ['request', 'agency', 'purpose', 'case', 'categories', 'validUntil']);
  const validUntil = readEnd(optionalTextField(fields, 'validUntil'), dependencies);
  const sealed = optionalTextField(fields, 'request', dependencies.longest.request);
  const asked = sealed === undefined ? readNamed(fields, dependencies) : dependencies.openRequest(sealed);
  if (asked === undefined) throw new Refusal('BAD_USER_INPUT', { reasons: ['request'] });
  assertKnown(asked, dependencies);
  assertCase(asked, caller.person, dependencies);
  return {
    agency: asked.agency,
    purpose: asked.purpose,
    caseNumber: asked.caseNumber,
    categories: asked.categories,
    validUntil,
    askedOf: asked.subject,
  };
}

function readNamed(fields: Readonly<Record<string, unknown>>, { longest }: PlanConsentDependencies): ConsentRequest {
  const agency = optionalTextField(fields, 'agency');
  const purpose = optionalTextField(fields, 'purpose');
  const categories = optionalTextList(fields, 'categories', longest.categories);
  if (agency === undefined || purpose === undefined || categories === undefined) {
    throw new Refusal('BAD_USER_INPUT', { reasons: ['agency', 'purpose', 'categories'] });
  }
  return { agency, purpose, categories, caseNumber: optionalTextField(fields, 'case') };
}

function assertKnown(asked: ConsentRequest, { knows }: PlanConsentDependencies): void {
  if (!knows.agency(asked.agency)) throw new Refusal('BAD_USER_INPUT', { reasons: ['agency'] });
  if (!knows.purpose(asked.purpose)) throw new Refusal('BAD_USER_INPUT', { reasons: ['purpose'] });
  if (!asked.categories.every((category) => knows.category(category)))
    throw new Refusal('BAD_USER_INPUT', { reasons: ['categories'] });
}

/** Refuses a case number that may hold the number of a person, the citizen's own included. */
function assertCase(
  { agency, caseNumber: number }: ConsentRequest,
  person: string | undefined,
  { casePatterns: patterns }: PlanConsentDependencies,
): void {
  const fault =
    number === undefined
      ? undefined
      : caseFault({ agency, number }, { patterns, people: person === undefined ? [] : [person] });
  if (fault !== undefined) throw new Refusal('CASE_NUMBER_INVALID', { reasons: [fault] });
}

function readEnd(text: string | undefined, { clock, defaultDays, maxDays }: PlanConsentDependencies): string {
  const now = clock.now().getTime();
  if (text === undefined) return new Date(now + defaultDays * DAY_MS).toISOString();
  const end = instantMs(text);
  if (end === undefined || end <= now || end > now + maxDays * DAY_MS)
    throw new Refusal('BAD_USER_INPUT', { reasons: ['validUntil'] });
  return new Date(end).toISOString();
}
