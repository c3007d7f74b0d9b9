import {
  BEYOND_MAPPING,
  LARGEST_SUBJECT,
  actEntry,
  completionEntry,
  entryCallIds,
  intentEntry,
  refusalEntry,
  type EntryBody,
  type EntryNexus,
  type EntryRequest,
  type EntrySubject,
} from '../../../monitoring/audit/entries.js';
import type { PossibleGround } from '../../../policies/decision/possible-grounds.js';
import { LONGEST_CASE_NUMBER } from '../../../schemas/caller-texts/case-number.js';
import { ERROR_CATALOGUE } from '../../../schemas/errors.js';
import type { NexusKind } from '../../../schemas/vocabulary.js';
import { REGISTER_FAILURES, type FailureReason } from '../../../schemas/failures/register-failure.js';
import type { Withheld } from '../../../schemas/ports/gate.js';
import { MAX_CALLS } from '../../access/access-record.js';
import { MAX_CLAIM } from '../../auth/access-token.js';
import { MAX_MODEL_TEXT } from '../../config/parts/authentication.js';
import { MAX_NAME } from '../../planning/document/logged-names.js';
import { MAX_READS_BYTES } from '../../planning/footprint/reads-limit.js';
import { MAX_REFUSED } from '../../planning/variables.js';
import type { NexusOf } from '../../stages/entry-nexus.js';
import { entryDisclosures, type RecordedDisclosure } from '../../stages/entry-disclosures.js';
import { MAX_NAMED } from '../../stages/named-people.js';
import { MAX_TEXT } from '../../stages/plan/body-fields.js';

/** Everything of an installation that the length of its entries depends on. */
export interface EntryWords {
  readonly purpose: string;
  readonly agencies: readonly string[];
  readonly systems: readonly string[];
  readonly documents: readonly string[];
  readonly categories: readonly string[];
  readonly issuers: readonly string[];
  readonly registers: readonly RegisterWords[];
  readonly grounds: readonly PossibleGround[];
}

/** What entries say of a register. */
export interface RegisterWords {
  readonly name: string;
  readonly contract: string;
  /** Categories of its fields. */
  readonly categories: readonly string[];
  /** Whether it answers links that tie people to cases of the purpose. */
  readonly ties: boolean;
}

/** Text of three bytes a character, the most that a character of one UTF-16 unit takes in UTF-8. */
const WIDE = '中';
const UUID = 'ffffffff-ffff-4fff-bfff-ffffffffffff';
const HASH = `sha256:${'f'.repeat(64)}`;
const COMMITMENT = 'f'.repeat(64);
const LATEST = new Date('9999-12-31T23:59:59.999Z');
const MANY = 9_999_999;
/** The greatest `revision` that the database keeps (integer). */
const LAST_REVISION = 2_147_483_647;

/** Every code with which the gate withholds. A new one is missed by the compiler. */
const WITHHELD: Readonly<Record<Withheld['code'], true>> = {
  CONSENT_REQUIRED: true,
  CONSENT_EXPIRED: true,
  CONSENT_WITHDRAWN: true,
  CONSENT_SUSPENDED: true,
  POLICY_DENIED: true,
};

/**
 * Returns, of each kind, the longest entry that a request for a purpose can have with this many people:
 * made by the builders of all entries, with every text as long and every list as full as it can be.
 */
export function largestEntries(words: EntryWords, people: number): readonly EntryBody[] {
  const request = largestRequest(words);
  const common = { request, at: LATEST, policySet: HASH, catalogue: HASH, configuration: HASH };
  const subjects = subjectsOf(people);
  const registers = words.registers.map(({ name }) => ({ register: name, fetches: MANY }));
  return [
    intentEntry({ ...common, reads: largestReads(), planned: registers, subjects }),
    completionEntry({
      ...common,
      outcome: 'answered',
      subjects,
      protected: people,
      protectedDwellings: MANY,
      moreSubjects: MANY,
      disclosed: entryDisclosures(largestDisclosures(words.grounds, people), largestNexus(words)),
      withheld: words.categories.flatMap((category) =>
        codesFor(category, words.grounds).map((code) => ({ category, code, count: MANY })),
      ),
      registers: largestUses(words.registers),
      planned: registers,
      answer: COMMITMENT,
      durationMs: MANY,
    }),
    refusalEntry({
      request,
      at: LATEST,
      code: LONGEST_CODE,
      reasons: Array.from({ length: MAX_REFUSED + 2 }, () => 'x'.repeat(MAX_NAME)),
      subjects: subjectsOf(MAX_NAMED),
      categories: words.categories,
      policySet: HASH,
      configuration: HASH,
      answer: COMMITMENT,
    }),
    actEntry({
      request,
      at: LATEST,
      act: 'operation_approved',
      subjects: subjectsOf(1),
      reference: WIDE.repeat(MAX_TEXT),
      policies: [...new Set(words.grounds.flatMap(({ policies }) => policies))],
      nexus: nexusFrom('application', longestOf(words.agencies)),
      answer: COMMITMENT,
    }),
  ];
}

function largestRequest({ purpose, agencies, systems, documents }: EntryWords): EntryRequest {
  return {
    requestId: UUID,
    question: {
      surface: 'operations',
      purpose,
      case: {
        agency: LONGEST_AGENCY,
        number: LONGEST_CASE_NUMBER,
        status: 'verified',
        confirmedAt: LATEST.toISOString(),
      },
      documentHash: HASH,
      documentName: longestOf(documents),
      operationName: 'x'.repeat(MAX_NAME),
    },
    caller: {
      agency: { id: longestOf(agencies), bin: '' },
      system: longestOf(systems),
      kind: 'officer',
      // A caller has an officer or an actor, never both.
      actor: WIDE.repeat(MAX_CLAIM),
      model: { id: WIDE.repeat(MAX_MODEL_TEXT), version: WIDE.repeat(MAX_MODEL_TEXT) },
    },
    token: { idHash: COMMITMENT },
    at: LATEST,
  };
}

/**
 * Returns the nexus of each person by turns from every source that there can be. So each ground is listed once for each
 * register that ties people, as often as an entry can list it.
 */
function largestNexus({ agencies, issuers, registers }: EntryWords): NexusOf {
  const issuer = nexusFrom('self', longestOf(issuers));
  // Only the agency that leads a case is asked, and only for its own systems.
  const ofCase = longestOf(agencies);
  const agency = { application: nexusFrom('application', ofCase), list: nexusFrom('list', ofCase) };
  const tying = registers.filter(({ ties }) => ties).map(({ name }) => nexusFrom('relation', name));
  return (kind, position) => {
    if (kind === 'self') return issuer;
    if (kind !== 'relation') return agency[kind];
    return tying[position % tying.length] ?? nexusFrom('relation', longestOf(registers.map(({ name }) => name)));
  };
}

function nexusFrom(kind: NexusKind, source: string): EntryNexus {
  return { kind, source, answeredAt: LATEST.toISOString(), evidence: COMMITMENT };
}

/** A plan with more than these bytes of reads is refused. */
function largestReads() {
  return [{ register: '', coordinate: 'x'.repeat(MAX_READS_BYTES), category: '', access: 'disclose' as const }];
}

/**
 * Everyone on every ground on which one person can be at once, each on a consent of their own. What is read on the same
 * ground as disclosed is not listed twice, so one more person is read and one more is asked about: their lists are there,
 * too.
 *
 * A person has one grant of a category and access for each way to them. As a person that the question names, that is by
 * what the case system or the issuer said, or by a consent; as one that a link leads to, by `relation` or by a consent. Of
 * grounds of one way that differ in the kind of nexus or in policies, each has one person at least.
 */
function largestDisclosures(grounds: readonly PossibleGround[], people: number): readonly RecordedDisclosure[] {
  const everyone = Array.from({ length: people }, (_, position) => position);
  const ways = new Set<string>();
  return grounds.flatMap(({ category, access, basis, nexus, policies }) => {
    const shared = { basis, policies, ...(nexus === undefined ? {} : { nexus }) };
    const grant = basis === 'consent' ? { ...shared, claim: { consentId: UUID, revision: LAST_REVISION } } : shared;
    // About no person, so the list of people is empty. It is not listed twice, either: it is asked for, read or disclosed.
    if (basis !== 'consent' && nexus === undefined) return [{ category, access, grant, subjects: [] }];
    const way = `${category} ${access} ${basis === 'consent' ? 'consent' : nexus === 'relation' ? 'link' : 'named'}`;
    const isFirst = !ways.has(way);
    ways.add(way);
    const subjects = isFirst ? everyone : [people];
    return [
      { category, access, grant, subjects: access === 'read' ? [...subjects, people + 1] : subjects },
      { category, access: 'asked' as const, grant, subjects: [people + 2] },
    ];
  });
}

function largestUses(registers: EntryWords['registers']) {
  const callIds = Array.from({ length: MAX_CALLS }, (_, call) => `${UUID}-${call + 1}`);
  return registers.map(({ name, contract, categories }, position) => ({
    register: name,
    calls: MAX_CALLS,
    ...entryCallIds(position === 0 ? callIds : []),
    requestOutTs: LATEST.getTime(),
    responseInTs: LATEST.getTime(),
    records: MANY,
    outcome: 'answered' as const,
    failure: LONGEST_CODE,
    reason: LONGEST_REASON,
    durationMs: MANY,
    beyondGrant: [...categories, BEYOND_MAPPING],
    contract,
    verdicts: { pass: MANY, flagged: MANY, rejected: MANY, not_evaluated: MANY },
    identifierInAddress: true as const,
  }));
}

/** A case may be of an agency that is not registered. */
const LONGEST_AGENCY = 'x'.repeat(63);
const LONGEST_CODE = longestOf(Object.keys(ERROR_CATALOGUE));
const LONGEST_REASON = longestOf(Object.keys(REGISTER_FAILURES)) as FailureReason;

/** Only a category that consent can open is withheld because a consent is missing. */
function codesFor(category: string, grounds: readonly PossibleGround[]): readonly string[] {
  const isConsented = grounds.some((ground) => ground.category === category && ground.basis === 'consent');
  return isConsented ? Object.keys(WITHHELD) : ['POLICY_DENIED'];
}

function subjectsOf(number: number): readonly EntrySubject[] {
  return Array.from({ length: number }, () => LARGEST_SUBJECT);
}

function longestOf(texts: readonly string[]): string {
  return texts.reduce((longest, text) => (Buffer.byteLength(text) > Buffer.byteLength(longest) ? text : longest), '');
}
