import { callIdsOf } from '../../../monitoring/audit/entries.js';
import { itemsOf, listOf, membersOf, textOf, textsOf, type Loose } from '../../../monitoring/audit/loose-body.js';
import type { EntryView } from '../asking.js';

/** Returns the law of a policy, by the policy's id and the digest of the policy set of the entry; undefined if it is not known. */
export type LawOf = (policy: string, policySet: string) => string | undefined;

/** One category of a decision. */
interface DecisionPart {
  readonly category: string;
  readonly access: string;
  readonly basis: string;
  readonly nexus: string;
  readonly policies: readonly string[];
  readonly laws: readonly string[];
  readonly consents: readonly string[];
  readonly people: number;
}

interface RegisterPart {
  readonly register: string;
  readonly outcome: string;
  readonly calls: string;
  readonly records: string;
  readonly durationMs: string;
  readonly callIds: readonly string[];
  readonly beyondGrant: readonly string[];
  /** Verdicts of quality with their numbers. */
  readonly verdicts: readonly { readonly verdict: string; readonly count: string }[];
}

/** The parts of an entry that a page shows. A part that the entry does not have is empty. */
export interface EntryParts {
  /** When the steps of the request happened, in their order; ISO 8601, UTC. */
  readonly stages: readonly { readonly stage: string; readonly at: string; readonly register: string }[];
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly decisions: readonly DecisionPart[];
  readonly withheld: readonly { readonly category: string; readonly code: string; readonly count: string }[];
  readonly registers: readonly RegisterPart[];
  readonly people: number;
  readonly durationMs: string;
}

/** Members that are shown as they are, by name. */
const FACTS = [
  'purpose',
  'operationName',
  'documentName',
  'documentHash',
  'surface',
  'code',
  'reason',
  'act',
  'policySet',
];

/** Returns the parts of an entry of any version, from its bytes. Never throws: members that are missing read as empty. */
export function entryParts(entry: EntryView['entry'], lawOf: LawOf): EntryParts {
  const body: Loose = entry;
  const matter = membersOf(body['case']);
  const number = [matter['agency'], matter['number']]
    .map(textOf)
    .filter((text) => text !== '')
    .join(' ');
  return {
    stages: stagesOf(body),
    facts: [
      ...(number === '' ? [] : [{ name: 'case', value: number }]),
      ...FACTS.flatMap((name) => (textOf(body[name]) === '' ? [] : [{ name, value: textOf(body[name]) }])),
      ...(listOf(body['reasons']).length === 0
        ? []
        : [{ name: 'reasons', value: textsOf(body['reasons']).join(', ') }]),
    ],
    decisions: itemsOf(body['disclosed']).map((one) =>
      decisionPart(one, (policy) => lawOf(policy, textOf(body['policySet']))),
    ),
    withheld: itemsOf(body['withheld']).map(({ category, code, count }) => ({
      category: textOf(category),
      code: textOf(code),
      count: textOf(count),
    })),
    registers: itemsOf(body['registers']).map((one) => registerPart(one, textOf(body['requestId']))),
    people: listOf(body['subjects']).length + Number(body['moreSubjects'] ?? 0),
    durationMs: textOf(body['durationMs']),
  };
}

function decisionPart(one: Loose, lawOf: (policy: string) => string | undefined): DecisionPart {
  const policies = textsOf(one['policies']);
  const nexus = one['nexus'];
  return {
    category: textOf(one['category']),
    access: textOf(one['access']),
    basis: textOf(one['basis']),
    nexus: textOf(typeof nexus === 'object' ? membersOf(nexus)['kind'] : nexus),
    policies,
    laws: [...new Set(policies.flatMap((policy) => lawOf(policy) ?? []))],
    consents: textsOf(one['consents']),
    people: listOf(one['subjects']).length,
  };
}

function registerPart(one: Loose, requestId: string): RegisterPart {
  return {
    register: textOf(one['register']),
    outcome:
      textOf(one['failure']) === '' ? textOf(one['outcome']) : `${textOf(one['outcome'])} (${textOf(one['failure'])})`,
    calls: textOf(one['calls']),
    records: textOf(one['records']),
    durationMs: textOf(one['durationMs']),
    callIds: callIdsOf(requestId, one),
    beyondGrant: textsOf(one['beyondGrant']),
    verdicts: Object.entries(membersOf(one['verdicts'])).map(([verdict, count]) => ({ verdict, count: textOf(count) })),
  };
}

/** Stages with X-Road's time stamps, in milliseconds of the epoch; entries before version 4 have none. */
function stagesOf(body: Loose): EntryParts['stages'] {
  const stage = (name: string, ms: unknown, register = ''): EntryParts['stages'] =>
    typeof ms === 'number' && Number.isSafeInteger(ms) && Math.abs(ms) < 8.64e15
      ? [{ stage: name, at: new Date(ms).toISOString(), register }]
      : [];
  const calls = itemsOf(body['registers']).flatMap((one) => [
    ...stage('requestOut', one['requestOutTs'], textOf(one['register'])),
    ...stage('responseIn', one['responseInTs'], textOf(one['register'])),
  ]);
  const all = [
    ...stage('requestIn', body['requestInTs']),
    ...calls,
    ...stage('recorded', Date.parse(textOf(body['at']))),
  ];
  return all.toSorted((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
}
