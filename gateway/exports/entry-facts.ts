import type { StoredEntry } from '../../monitoring/audit/stored-entry.js';
import { listOf, membersOf, textOf, type Loose } from '../../monitoring/audit/loose-body.js';
import type { Difference } from '../../monitoring/audit/beside/differences.js';
import type { LawOf } from './laws.js';

/** What a person wants to see of an entry first, as texts. An empty text: the entry does not say. */
export interface EntryFacts {
  readonly headline: string;
  readonly who: string;
  readonly officer: string;
  readonly what: string;
  readonly disclosed: readonly DisclosedFacts[];
  readonly withheld: readonly string[];
  /** What of the row is not as it was written, with the bytes' values; empty if it is. */
  readonly changed: readonly string[];
}

/** One category that was read, disclosed or asked for. */
export interface DisclosedFacts {
  readonly category: string;
  readonly access: string;
  readonly basis: string;
  /** The kind of the nexus. */
  readonly nexus: string;
  /** Who said so, and when; empty before version 4. */
  readonly answered: string;
  readonly policies: readonly string[];
  readonly laws: readonly string[];
  readonly consents: readonly string[];
  readonly people: number;
}

/** Returns what an entry says, from its bytes. */
export function entryFacts(entry: StoredEntry, lawOf: LawOf): EntryFacts {
  const body = entry.body as unknown as Loose;
  const caller = membersOf(body['caller']);
  return {
    headline: headline(body),
    who: whoOf(body),
    officer: textOf(caller['officer'] ?? caller['actor']),
    what: [body['purpose'], membersOf(body['case'])['number'], body['operationName'] ?? body['documentName']]
      .map(textOf)
      .filter((text) => text !== '')
      .join(' '),
    disclosed: listOf(body['disclosed']).map((one) =>
      disclosedFacts(membersOf(one), (policy) => lawOf(policy, textOf(body['policySet']))),
    ),
    withheld: listOf(body['withheld']).map((one) => {
      const { category, code, count } = membersOf(one);
      return `${textOf(category)} ${textOf(code)} x${textOf(count)}`;
    }),
    changed: changesOf(entry),
  };
}

/** Returns the law of each policy that an entry names, by the id of the policy. */
export function entryLaws(entry: StoredEntry, lawOf: LawOf): Readonly<Record<string, string>> {
  const body = entry.body as unknown as Loose;
  const policySet = textOf(body['policySet']);
  const policies = listOf(body['disclosed']).flatMap((one) => listOf(membersOf(one)['policies']).map(textOf));
  return Object.fromEntries(
    [...new Set(policies)].flatMap((policy) => {
      const law = lawOf(policy, policySet);
      return law === undefined ? [] : [[policy, law] as const];
    }),
  );
}

function headline(body: Loose): string {
  const rest: Readonly<Record<string, unknown>> = {
    completion: body['outcome'],
    refusal: body['code'],
    refusals: `${textOf(body['code'])} x${textOf(body['count'])}`,
    act: body['act'],
    state: body['act'],
    sink: body['act'],
    audit_read: body['act'],
    audit_read_end: `${textOf(body['rows'])} rows`,
    retention: body['act'],
    alert: body['rule'],
  };
  const kind = textOf(body['kind']);
  return `${kind} ${textOf(rest[kind])}`.trim();
}

function whoOf(body: Loose): string {
  if (body['caller'] === undefined) return textOf(body['source']);
  const { agency, kind, system } = membersOf(body['caller']);
  return [agency ?? kind, system]
    .map(textOf)
    .filter((text) => text !== '')
    .join('/');
}

function disclosedFacts(one: Loose, lawOf: (policy: string) => string | undefined): DisclosedFacts {
  const policies = listOf(one['policies']).map(textOf);
  const nexus = one['nexus'];
  return {
    category: textOf(one['category']),
    access: textOf(one['access']),
    basis: textOf(one['basis']),
    nexus: textOf(typeof nexus === 'object' ? membersOf(nexus)['kind'] : nexus),
    answered: answeredText(membersOf(nexus)),
    policies,
    laws: [...new Set(policies.flatMap((policy) => lawOf(policy) ?? []))],
    consents: listOf(one['consents']).map(textOf),
    people: listOf(one['subjects']).length,
  };
}

function answeredText({ source, answeredAt }: Loose): string {
  return typeof source === 'string' ? `answered by ${source} at ${textOf(answeredAt)}` : '';
}

/** Returns what of a row is not as it was written, in words; nothing if it is. */
export function changesOf({ intact, body, differences }: StoredEntry): readonly string[] {
  return [
    ...(intact ? [] : ['the bytes do not hash to the leaf']),
    ...(body.kind === 'unreadable' ? ['the bytes are no entry'] : []),
    ...differences.map(describeDifference),
  ];
}

function describeDifference(difference: Difference): string {
  switch (difference.kind) {
    case 'column':
      return `${difference.column} is ${difference.bytes ?? 'empty'} in the bytes, ${difference.stored ?? 'empty'} in the column`;
    case 'subject_missing':
      return `person ${difference.position} has no row or no index token: a search for them misses this entry`;
    case 'subject_unknown':
      return `a row of person ${difference.position} belongs to no one in the bytes`;
    case 'subject_token':
      return `the index token of person ${difference.position} is not the one in the bytes`;
    case 'subject_sealed':
      return `the sealed identity of person ${difference.position} is not the one in the bytes`;
    case 'subject_at':
      return `the row of person ${difference.position} has another time than the bytes`;
  }
}
