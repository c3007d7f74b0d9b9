import { DEFAULT_DAYS, isLimitedToDays } from '../../../monitoring/audit/search/filter.js';

/** An approval as the officers' interface shows it. */
export interface ShownApproval {
  readonly id: string;
  readonly action: string;
  readonly state: string;
  readonly asker: { readonly agency: string; readonly officer: string };
  readonly second: string | null;
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly hash: string;
  readonly request: {
    readonly filters: Readonly<Record<string, string>>;
    readonly reason: string;
    readonly case: { readonly agency: string; readonly number: string };
    readonly limit: number | null;
    readonly format: string | null;
    readonly namesPerson: boolean;
    readonly isContinued: boolean;
  };
}

/**
 * Returns an approval in lines, with what can be done next.
 *
 * @param seenBy `waiting`: by who may decide; `asked`: by who asked; `decided`: by who has just decided.
 */
export function approvalAsText(approval: ShownApproval, seenBy: 'waiting' | 'asked' | 'decided'): string {
  const { id, action, state, asker, second, askedAt, expiresAt, hash, request } = approval;
  const { reason, case: matter, format, limit, namesPerson, isContinued } = request;
  const filters = Object.entries(request.filters).map(([name, value]) => `${name} ${value}`);
  const isDefault = isLimitedToDays({ ...request.filters, ...(namesPerson ? { tokens: [] } : {}) });
  const which = [
    ...(isDefault ? [`of the last ${DEFAULT_DAYS} days`] : []),
    ...filters,
    ...(namesPerson ? ['about a certain person'] : []),
    ...(isContinued ? ['a further page'] : []),
    ...(limit === null ? [] : [`${limit} rows at most`]),
  ];
  const as = format === null ? action : `${action} (${format})`;
  return [
    `${id}  ${as}: ${state}${second === null ? '' : ` (${second})`}`,
    `  Asked by ${asker.agency}/${asker.officer} at ${askedAt}; ends at ${expiresAt}`,
    `  Reason: ${reason}; case ${matter.agency}/${matter.number}`,
    `  Entries: ${which.join(', ')}`,
    ...nextSteps({ id, state, hash, action, seenBy }).map((line) => `  ${line}`),
    '',
  ].join('\n');
}

function nextSteps({
  id,
  state,
  hash,
  action,
  seenBy,
}: Pick<ShownApproval, 'id' | 'state' | 'hash' | 'action'> & { readonly seenBy: string }): readonly string[] {
  if (seenBy === 'waiting') return [`Decide: npx tereze audit approval approve|refuse ${id} --hash ${hash}`];
  const command = action === 'export' ? 'export' : 'list';
  if (seenBy === 'decided' || (state !== 'asked' && state !== 'approved')) return [];
  return [
    `${state === 'asked' ? 'Once it is approved' : 'Now'}: npx tereze audit ${command} --approval ${id}, with the options that were asked for`,
  ];
}
