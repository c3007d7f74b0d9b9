import { hash } from 'node:crypto';
import type { FollowedEntry, FollowedPerson } from './followed-entry.js';
import type { Rule, RuleFilter } from './rule.js';
import type { Window, Windows } from './windows.js';

/** What the entries of a group have in common: of what the rule groups by. Null: the entry does not say, or it is not grouped by. */
export interface Group {
  readonly agency: string | null;
  readonly system: string | null;
  readonly officer: string | null;
  readonly case: string | null;
  /** Index token. */
  readonly person: string | null;
}

/** One that is counted: a member of a group in a window. Keys are 16 bytes of SHA-256, in hex: no token can be read off them. */
export interface Counted {
  readonly rule: Rule;
  readonly entry: FollowedEntry;
  readonly group: Group;
  /** Position of the group's person in the entry; undefined if the rule does not group by person. */
  readonly position: number | undefined;
  readonly window: Window;
  /** Of the group, over all windows. */
  readonly groupKey: string;
  /** Of the group in the window. */
  readonly windowKey: string;
  /** Of the member of the group in the window. */
  readonly memberKey: string;
}

/** An entry after which another of its group may count (`after` of a rule). */
export interface Opening {
  readonly key: string;
  readonly at: number;
  /** When no entry can count by it any more. */
  readonly until: number;
  readonly purpose: string | null;
  readonly document: string | null;
  readonly categories: readonly string[];
}

/** Returns what a rule counts of an entry, apart from its `after`. */
export function countedOf(rule: Rule, entry: FollowedEntry, windows: Windows): readonly Counted[] {
  if (!fits(rule.filter, entry, windows)) return [];
  const ofEntry = windows.of(rule, entry.at);
  return groupsOf(rule, entry).flatMap(({ group, position }) => {
    const groupKey = groupKeyOf(rule, group);
    return ofEntry.flatMap((window) => {
      const windowKey = keyOf([rule.hash, groupKey, window.since]);
      return membersOf(rule, entry).map((member) => ({
        rule,
        entry,
        group,
        position,
        window,
        groupKey,
        windowKey,
        memberKey: keyOf([windowKey, member]),
      }));
    });
  });
}

/** Returns what a rule keeps of an entry, after which others may count. */
export function openingsOf(rule: Rule, entry: FollowedEntry, windows: Windows, lengthMs: number): readonly Opening[] {
  if (rule.after === undefined || !fits(rule.after.filter, entry, windows)) return [];
  const { at, purpose, document, categories } = entry;
  return groupsOf(rule, entry).map(({ group }) => ({
    key: openingKeyOf(rule, groupKeyOf(rule, group)),
    until: at + lengthMs,
    ...{ at, purpose, document, categories },
  }));
}

/** Returns the key of a group's openings. */
export function openingKeyOf(rule: Rule, groupKey: string): string {
  return keyOf([rule.hash, groupKey, 'opening']);
}

/** Returns whether an entry counts after an opening: later, within the time, and different in what the rule says. */
export function countsAfter(rule: Rule, entry: FollowedEntry, opening: Opening): boolean {
  if (entry.at <= opening.at || entry.at >= opening.until) return false;
  return (rule.after?.changed ?? []).some((what) =>
    what === 'categories'
      ? opening.categories.some((category) => !entry.categories.includes(category))
      : entry[what] !== opening[what],
  );
}

function fits(filter: RuleFilter, entry: FollowedEntry, windows: Windows): boolean {
  const { except = {}, callers, officer, hours } = filter;
  return (
    filter.kinds.some((kind) => kind === entry.kind) &&
    ONE_OF.every(([list, of]) => isAmong(filter[list], of(entry))) &&
    ANY_OF.every(([list, of]) => isAmong(filter[list], ...of(entry))) &&
    !EXCEPT.some(([list, of]) => except[list] !== undefined && isAmong(except[list], of(entry))) &&
    (callers === undefined || (entry.agency !== null) === (callers === 'agencies')) &&
    (officer === undefined || (entry.officer !== null) === (officer === 'named')) &&
    (hours === undefined || windows.isWithin(hours, entry.at))
  );
}

type Looked<Value> = (entry: FollowedEntry) => Value;

/** Lists of a filter, and what of an entry must be in them. */
const ONE_OF: readonly (readonly ['outcomes' | 'codes' | keyof Except, Looked<string | null>])[] = [
  ['outcomes', ({ outcome }) => outcome],
  ['codes', ({ code }) => code],
  ['agencies', ({ agency }) => agency],
  ['systems', ({ system }) => system],
  ['purposes', ({ purpose }) => purpose],
  ['documents', ({ document }) => document],
];
/** The same, where one of several is enough. */
const ANY_OF: readonly (readonly ['registers' | 'categories', Looked<readonly string[]>])[] = [
  ['registers', ({ registers }) => registers],
  ['categories', ({ categories }) => categories],
];
type Except = NonNullable<RuleFilter['except']>;
const EXCEPT: readonly (readonly [keyof Except, Looked<string | null>])[] = [
  ['agencies', ({ agency }) => agency],
  ['systems', ({ system }) => system],
  ['purposes', ({ purpose }) => purpose],
  ['documents', ({ document }) => document],
];

/** Returns whether one of the values is in the list; true if there is no list. */
function isAmong(list: readonly string[] | undefined, ...values: readonly (string | null)[]): boolean {
  return list === undefined || values.some((value) => value !== null && list.includes(value));
}

/** An entry without a system, person or case is in no group by it. */
function groupsOf(rule: Rule, entry: FollowedEntry): readonly Pick<Counted, 'group' | 'position'>[] {
  const by = new Set(rule.group);
  if (by.has('system') && entry.system === null) return [];
  if (by.has('case') && entry.caseNumber === null) return [];
  const common = {
    agency: by.has('agency') ? entry.agency : null,
    system: by.has('system') ? entry.system : null,
    officer: by.has('officer') ? entry.officer : null,
    case: by.has('case') ? entry.caseNumber : null,
  };
  if (!by.has('person')) return [{ group: { ...common, person: null }, position: undefined }];
  return distinctPeople(entry).map(({ token, position }) => ({ group: { ...common, person: token }, position }));
}

function membersOf(rule: Rule, entry: FollowedEntry): readonly string[] {
  const { agency, system, officer, log, index } = entry;
  switch (rule.counts) {
    case 'people':
      return distinctPeople(entry).map(({ token }) => token);
    case 'callers':
      return [JSON.stringify([agency, system, officer])];
    case 'agencies':
      return agency === null ? [] : [agency];
    case 'entries':
      return [`${log}/${index}`];
  }
}

function distinctPeople({ people }: FollowedEntry): readonly FollowedPerson[] {
  return [...new Map(people.map((person) => [person.token, person])).values()];
}

function groupKeyOf(rule: Rule, group: Group): string {
  return keyOf([rule.name, rule.group, group]);
}

const KEY_BYTES = 16;

function keyOf(parts: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(parts), 'hex').slice(0, KEY_BYTES * 2);
}
