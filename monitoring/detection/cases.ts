import { detect } from './detect.js';
import type { FollowedEntry } from './followed-entry.js';
import type { Rule, RuleCase } from './rule.js';
import { MemoryStore } from './store.js';
import { Windows } from './windows.js';

/** Runs a case of a rule. Resolves with how many alerts its entries raise. Throws `RangeError` for a time zone that there is not. */
export async function alertsOf(rule: Rule, ruleCase: RuleCase): Promise<number> {
  const entries = ruleCase.entries.flatMap(entriesOf).map((entry, index) => ({ ...entry, index }));
  const most = ruleCase.daily_persons;
  const systems = most === undefined ? [] : entries.flatMap(({ system }) => system ?? []);
  const store = new MemoryStore();
  await detect(
    [rule],
    [...entries].sort((one, other) => one.at - other.at),
    store,
    {
      windows: new Windows(ruleCase.time_zone),
      dailyPersons: new Map(systems.map((system) => [system, most ?? 0])),
    },
  );
  return store.raised.length;
}

function entriesOf(written: RuleCase['entries'][number]): readonly Omit<FollowedEntry, 'index'>[] {
  return Array.from({ length: written.times }, (_, nth) => {
    const text = (template: string): string => template.replaceAll('{n}', String(nth + 1));
    const optional = (template: string | null): string | null => (template === null ? null : text(template));
    return {
      log: 'tereze/0',
      at: Date.parse(written.at) + nth * written.every_s * 1_000,
      kind: written.kind,
      outcome: written.outcome ?? (written.kind === 'completion' ? 'answered' : null),
      code: written.code ?? null,
      agency: optional(written.agency),
      system: optional(written.system),
      officer: optional(written.officer),
      purpose: optional(written.purpose),
      caseNumber: optional(written.case),
      document: optional(written.document),
      registers: written.registers,
      categories: written.categories,
      people: written.people.map((person, position) => ({ position, token: text(person) })),
    };
  });
}
