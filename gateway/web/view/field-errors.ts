import type { Texts } from './texts.js';

/** What is wrong with a form, and where. */
export interface FieldError {
  /** Name of the field; undefined if it is of none. */
  readonly field: string | undefined;
  readonly text: string;
}

/** Reasons of `AUDIT_REQUEST_INVALID` that have a text of their own. */
const TOLD = [
  ...['since', 'until', 'person', 'case', 'reason', 'range', 'unknown_log', 'approvals_open', 'approval_not_needed'],
  ...['reason_missing', 'reason_length', 'reason_form', 'reason_person', 'reason_identity_number'],
  ...['case_missing', 'case_form', 'case_person', 'case_identity_number', 'cursor_broken', 'cursor_of_other_search'],
];
/** Fields of reasons that do not name theirs. */
const FIELD_OF: Readonly<Record<string, string>> = { range: 'since', unknown_log: 'log' };
const OF_NO_FIELD = ['cursor_broken', 'cursor_of_other_search', 'approvals_open', 'approval_not_needed'];

/** Returns the reasons of a refused request as errors of a form. A reason without a text of its own says that the value is not valid. */
export function fieldErrors(reasons: readonly string[], t: Texts): readonly FieldError[] {
  return reasons.map((reason) => {
    const [name = ''] = reason
      .replace(/^(?:query|body)\./, '')
      .replace(/^filters\./, '')
      .split('.');
    if (OF_NO_FIELD.includes(name)) return { field: undefined, text: t(`errors.${name}`) };
    const field = FIELD_OF[name] ?? (/^[a-z]+/.exec(name)?.[0] || undefined);
    return { field, text: t(`errors.${TOLD.includes(name) ? name : 'invalid'}`) };
  });
}
