import { sentenceOf } from '../../catalogue/sentence-of.js';
import { itemsOf, listOf, membersOf, textOf, textsOf, type Loose } from '../../loose-body.js';
import { changesOf } from '../../rederive/rederivation.js';
import type { StoredEntry } from '../../stored-entry.js';
import {
  entryTime,
  eventOf,
  filled,
  timeOf,
  wholeNumbers,
  type OcsfEvent,
  type OcsfOptions,
  type SeverityId,
  type StatusId,
} from './event.js';

/** Activities of class 6003. */
const ACTIVITIES = { 1: 'Create', 2: 'Read', 3: 'Update', 99: 'Other' } as const;
type ActivityId = keyof typeof ACTIVITIES;

const OF_ACTS: Readonly<Record<string, ActivityId>> = {
  consent_given: 1,
  consent_withdrawn: 3,
  consent_confirmed: 3,
  consents_listed: 2,
  handle_issued: 1,
  handle_ended: 3,
  operation_loaded: 1,
  operation_approved: 3,
  operation_withdrawn: 3,
};
const OF_KINDS: Readonly<Record<string, ActivityId>> = { completion: 2, refusal: 2, refusals: 2, audit_read: 2 };

/** Acts on consents. What they were about leads to a person. */
const CONSENT_ACT = /^consent/;

/** Returns the API Activity (6003) of a request that ended, or of an act. */
export function apiActivity(entry: StoredEntry, options: OcsfOptions): OcsfEvent {
  const body = entry.body as unknown as Loose;
  const kind = textOf(body['kind']);
  const activityId = OF_KINDS[kind] ?? OF_ACTS[textOf(body['act'])] ?? 99;
  const changes = changesOf(entry);
  const { status, severity } = endOf(body);
  const event = eventOf(
    entry,
    {
      classId: 6003,
      activity: { id: activityId, name: ACTIVITIES[activityId] },
      severity: changes.length > 0 ? 4 : severity,
      status,
      code: textOf(body['code'] ?? (status === 2 ? itemsOf(body['withheld'])[0]?.['code'] : undefined)),
      detail: textsOf(body['reasons']).join(', '),
      time: timeOf(entryTime(entry.body)),
    },
    options,
  );
  return {
    ...event,
    message: sentenceOf(sayable(body, options), 'en'),
    api: {
      operation: operationOf(body, kind),
      service: { name: textOf(body['surface']) || 'tereze' },
      request: { uid: event.metadata.correlation_uid },
    },
    ...wholeNumbers({ duration: body['durationMs'], count: body['count'], start_time: body['requestInTs'] }),
    ...resourcesOf(body),
    unmapped: unmappedOf(body, changes, options),
  };
}

function endOf(body: Loose): { readonly status: StatusId; readonly severity: SeverityId } {
  switch (body['kind']) {
    case 'refusal':
    case 'refusals':
      return { status: 2, severity: 2 };
    case 'unreadable':
      return { status: 0, severity: 4 };
    case 'state':
      return { status: 1, severity: body['act'] === 'rollback_accepted' ? 4 : 3 };
    case 'completion':
      if (body['outcome'] === 'answered') return { status: 1, severity: 1 };
      return body['outcome'] === 'failed' ? { status: 2, severity: 2 } : { status: 0, severity: 3 };
    default:
      return { status: 1, severity: 1 };
  }
}

function operationOf(body: Loose, kind: string): string {
  return textOf(body['operationName'] ?? body['documentName'] ?? body['act']) || kind;
}

/** What was disclosed, as resources, and the rules that allowed it. */
function resourcesOf(body: Loose): Loose {
  const shown = itemsOf(body['disclosed']).filter(({ access }) => access === 'disclose');
  const names = [...new Set(shown.map(({ category }) => textOf(category)))].filter((name) => name !== '');
  return names.length === 0 ? {} : { resources: names.map((name) => ({ name, type: 'category' })) };
}

/** The body with what a sentence may say. A reason in a person's words may name a case. */
function sayable(body: Loose, { cases }: OcsfOptions): { readonly kind: string } {
  return {
    ...body,
    ...(cases ? {} : { case: undefined, reason: undefined }),
    ...(isAboutConsent(body) ? { reference: undefined } : {}),
    kind: textOf(body['kind']),
  };
}

function isAboutConsent(body: Loose): boolean {
  return CONSENT_ACT.test(textOf(body['act']));
}

/** What OCSF has no member for: ids, codes and counts, named one by one. Of people it has the number only. */
function unmappedOf(body: Loose, changes: readonly string[], { cases }: OcsfOptions): Loose {
  const { filters } = body;
  const { case: caseFilter, ...otherFilters } = membersOf(filters);
  const more = typeof body['moreSubjects'] === 'number' ? body['moreSubjects'] : 0;
  return {
    ...texts(body),
    ...filled({
      reason: cases ? textOf(body['reason']) : '',
      reference: isAboutConsent(body) ? '' : textOf(body['reference']),
    }),
    ...wholeNumbers({ rows: body['rows'], limit: body['limit'], epoch: body['epoch'] }),
    people: listOf(body['subjects']).length + more,
    ...caseOf(membersOf(body['case']), cases),
    ...callerOf(membersOf(body['caller'])),
    ...some('disclosed', itemsOf(body['disclosed']).map(disclosedOf)),
    ...some('withheld', itemsOf(body['withheld']).map(withheldOf)),
    ...some('categories', textsOf(body['categories'])),
    ...(filters === undefined
      ? {}
      : { filters: filled(onlyTexts(cases ? { ...otherFilters, case: caseFilter } : otherFilters)) }),
    ...some('closed_logs', itemsOf(body['closedLogs']).map(closedLogOf)),
    ...some('changed', changes),
  };
}

/** Members of a body that are texts, with their names in OCSF, which are in snake case. */
const TEXTS: readonly (readonly [string, string])[] = [
  ...['kind', 'surface', 'purpose', 'outcome', 'act', 'ended', 'format'],
  ...['documentName', 'documentHash', 'policySet', 'catalogue', 'configuration'],
].map((name) => [name, name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)]);

function texts(body: Loose): Readonly<Record<string, string>> {
  const said: Record<string, string> = {};
  for (const [name, ocsfName] of TEXTS) said[ocsfName] = textOf(body[name]);
  return filled(said);
}

function onlyTexts(members: Loose): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, textOf(value)]));
}

function some(name: string, items: readonly unknown[]): Loose {
  return items.length === 0 ? {} : { [name]: items };
}

function caseOf(matter: Loose, cases: boolean): Loose {
  const said = filled({
    case_agency: textOf(matter['agency']),
    case_status: textOf(matter['status']),
    ...(cases ? { case_number: textOf(matter['number']) } : {}),
  });
  return said;
}

function callerOf(caller: Loose): Loose {
  const { id, version } = membersOf(caller['model']);
  return filled({
    caller_kind: textOf(caller['kind']),
    agency: textOf(caller['agency']),
    model: textOf(id),
    model_version: textOf(version),
  });
}

function disclosedOf({ category, access, basis, nexus, policies, subjects, consents }: Loose): Loose {
  const texts = filled({
    category: textOf(category),
    access: textOf(access),
    basis: textOf(basis),
    nexus: textOf(typeof nexus === 'object' ? membersOf(nexus)['kind'] : nexus),
  });
  const counts = { policies: textsOf(policies), people: listOf(subjects).length, consents: listOf(consents).length };
  return Object.assign(texts, counts);
}

function withheldOf({ category, code, count }: Loose): Loose {
  return { ...filled({ category: textOf(category), code: textOf(code) }), ...wholeNumbers({ count }) };
}

function closedLogOf({ log, size, headSize }: Loose): Loose {
  return { ...filled({ log: textOf(log) }), ...wholeNumbers({ size, head_size: headSize }) };
}
