import { countedOf, countsAfter, openingKeyOf, openingsOf, type Counted, type Opening } from './counted.js';
import type { FollowedEntry } from './followed-entry.js';
import type { Rule } from './rule.js';
import type { DetectionStore, GroupCount, Raised } from './store.js';
import { lengthOf, type Windows } from './windows.js';

/** What rules look at beside entries. */
export interface DetectionContext {
  readonly windows: Windows;
  /** `daily_persons` of each system that has it. */
  readonly dailyPersons: ReadonlyMap<string, number>;
}

/** Counts entries, in order, and keeps what they raise. Resolves with how many alerts that were not raised before. */
export async function detect(
  rules: readonly Rule[],
  entries: readonly FollowedEntry[],
  store: DetectionStore,
  context: DetectionContext,
): Promise<number> {
  const { windows } = context;
  const found = entries.flatMap((entry) => rules.flatMap((rule) => countedOf(rule, entry, windows)));
  const openings = entries.flatMap((entry) =>
    rules.flatMap((rule) => openingsOf(rule, entry, windows, lengthOf(rule.window))),
  );
  const counted = await following(found, openings, store);
  if (counted.length === 0) return 0;
  const { added, members } = await store.count(counted);
  const groups = new Map<string, GroupCount>();
  const raised = new Map<string, Raised>();
  const seen = new Set<string>();
  for (const one of counted) {
    if (!added.has(one.memberKey) || seen.has(one.memberKey)) continue;
    seen.add(one.memberKey);
    const { windowKey: key, window } = one;
    const count = (groups.get(key)?.members ?? members.get(key) ?? 0) + 1;
    groups.set(key, { key, members: count, until: window.until });
    const threshold = thresholdOf(one, context);
    if (threshold !== undefined && count >= threshold && !raised.has(key))
      raised.set(key, { counted: one, count, threshold });
  }
  await store.keep([...groups.values()]);
  return raised.size === 0 ? 0 : store.raise([...raised.values()]);
}

/** Returns those that count, where their rule demands an earlier entry. */
async function following(
  found: readonly Counted[],
  openings: readonly Opening[],
  store: DetectionStore,
): Promise<readonly Counted[]> {
  const keyOf = ({ rule, groupKey }: Counted): string => openingKeyOf(rule, groupKey);
  const asked = new Set(found.filter(({ rule }) => rule.after !== undefined).map(keyOf));
  if (asked.size === 0 && openings.length === 0) return found;
  const known = new Map<string, Opening[]>();
  for (const opening of await store.open(openings, [...asked]))
    known.set(opening.key, [...(known.get(opening.key) ?? []), opening]);
  return found.filter(
    (one) =>
      one.rule.after === undefined ||
      (known.get(keyOf(one)) ?? []).some((opening) => countsAfter(one.rule, one.entry, opening)),
  );
}

function thresholdOf({ rule, group }: Counted, { dailyPersons }: DetectionContext): number | undefined {
  if (rule.share_of_daily_persons === undefined) return rule.threshold;
  const most = group.system === null ? undefined : dailyPersons.get(group.system);
  return most === undefined ? undefined : Math.max(1, Math.ceil(most * rule.share_of_daily_persons - ROUNDING));
}

/** Products of doubles may be a little above the whole number that is meant. */
const ROUNDING = 1e-6;
