import { z } from 'zod';
import { ERROR_CATALOGUE } from '../../schemas/errors.js';
import { isInstant } from '../../schemas/time/instant.js';

/** How urgent an alert is. */
export const SEVERITIES = ['low', 'medium', 'high'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Names that a sentence may have in braces: the group's caller and case, what was counted, and the threshold. */
export const SENTENCE_PARAMETERS = ['who', 'case', 'count', 'threshold'] as const;

const code = z.string().refine((text) => Object.hasOwn(ERROR_CATALOGUE, text), 'is no error code (docs/errors.md)');
const name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'must be lower-case letters, digits and _, and begin with a letter');
const names = z.array(z.string().min(1).max(200)).min(1);
const clockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time of the day such as "22:00"');
const unrepeated = (words: readonly string[]): boolean => new Set(words).size === words.length;

/** Which entries a rule looks at. All that is given must fit; of a list, one is enough. */
const filter = z.strictObject({
  kinds: z.array(z.enum(['completion', 'refusal', 'audit_read'])).min(1),
  outcomes: z
    .array(z.enum(['answered', 'failed', 'unknown']))
    .min(1)
    .optional(),
  codes: z.array(code).min(1).optional(),
  agencies: names.optional(),
  systems: names.optional(),
  purposes: names.optional(),
  documents: names.optional(),
  registers: names.optional(),
  categories: names.optional(),
  /** `agencies`: the caller belongs to an agency; `citizens`: it does not. */
  callers: z.enum(['agencies', 'citizens']).optional(),
  /** Whether the entry names an officer: one who asks, or one that a system acts for. */
  officer: z.enum(['named', 'none']).optional(),
  /** Hours of the day in the time zone of the jurisdiction, `from` inclusive, `to` exclusive; they may pass midnight. */
  hours: z.strictObject({ from: clockTime, to: clockTime }).optional(),
  except: z
    .strictObject({
      agencies: names.optional(),
      systems: names.optional(),
      purposes: names.optional(),
      documents: names.optional(),
    })
    .optional(),
});

const sentence = z
  .string()
  .min(10)
  .max(300)
  .refine(
    (text) => parametersOf(text).every((one) => (SENTENCE_PARAMETERS as readonly string[]).includes(one)),
    `may have in braces: ${SENTENCE_PARAMETERS.join(', ')}`,
  );

const caseEntry = z.strictObject({
  at: z.string().refine(isInstant, 'must be a time with its zone, such as 2026-03-02T10:00:00+05:00'),
  /** How many such entries there are. In texts, `{n}` is the number of each, from 1. */
  times: z.int().min(1).max(10_000).default(1),
  /** Seconds between two of them. */
  every_s: z.int().min(0).max(86_400).default(1),
  kind: z.enum(['completion', 'refusal', 'audit_read', 'intent']).default('completion'),
  outcome: z.enum(['answered', 'failed', 'unknown']).optional(),
  code: code.optional(),
  agency: z.string().nullable().default('housing'),
  system: z.string().nullable().default('housing'),
  officer: z.string().nullable().default(null),
  purpose: z.string().nullable().default(null),
  case: z.string().nullable().default(null),
  document: z.string().nullable().default(null),
  registers: z.array(z.string()).default([]),
  categories: z.array(z.string()).default([]),
  people: z.array(z.string()).default([]),
});

/** A test of the rule: entries, and how many alerts they raise. It runs whenever the rule is read. */
const ruleCase = z.strictObject({
  name: z.string().min(1),
  time_zone: z.string().default('Asia/Almaty'),
  /** `daily_persons` of every system of the case. */
  daily_persons: z.int().min(1).optional(),
  entries: z.array(caseEntry).min(1).max(50),
  alerts: z.int().min(0),
});

/**
 * A detection rule, as a file has it. An alert is raised when, in one window, a group has as many different ones of what
 * is counted as the threshold.
 */
export const ruleSchema = z
  .strictObject({
    version: z.literal(1),
    rule: name,
    severity: z.enum(SEVERITIES),
    filter,
    /**
     * Given: an entry counts only if an earlier one of the same group fits this filter, within the length of the window
     * before it, and differs in one of `changed`. `categories` differs if a category of the earlier one is not in the later.
     */
    after: z
      .strictObject({ filter, changed: z.array(z.enum(['purpose', 'document', 'categories'])).min(1) })
      .optional(),
    /** What entries must have in common to be counted together. */
    group: z
      .array(z.enum(['agency', 'system', 'officer', 'person', 'case']))
      .min(1)
      .refine(unrepeated, 'names something twice'),
    counts: z.enum(['people', 'callers', 'agencies', 'entries']),
    /** `15m`, `6h`: windows one after another; `day`: the civil day of the jurisdiction. */
    window: z.string().regex(/^(?:[1-9]\d{0,3}m|[1-9]\d?h|day)$/, 'must be minutes (15m), hours (6h) or day'),
    /** With `window: day`: when the day begins. */
    day_begins: clockTime.optional(),
    threshold: z.int().min(1).max(1_000_000).optional(),
    /** Instead of `threshold`: this part of `daily_persons` of the system. A system without it has no threshold. */
    share_of_daily_persons: z.number().gt(0).max(1).optional(),
    sentence: z.strictObject({ kk: sentence, ru: sentence, en: sentence }),
    cases: z.array(ruleCase).min(2),
  })
  .superRefine((rule, context) => {
    const refuse = (key: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [key], message, input: undefined });
    if ((rule.threshold === undefined) === (rule.share_of_daily_persons === undefined))
      refuse('threshold', 'give either threshold or share_of_daily_persons');
    if (rule.share_of_daily_persons !== undefined && (!rule.group.includes('system') || rule.window !== 'day'))
      refuse('share_of_daily_persons', 'needs a group by system, and window: day');
    if (rule.day_begins !== undefined && rule.window !== 'day') refuse('day_begins', 'goes with window: day');
    if (rule.counts === 'people' && rule.group.includes('person'))
      refuse('counts', 'a group by person has one person: count callers, agencies or entries');
    const said = parametersOf(rule.sentence.en).join();
    for (const language of ['kk', 'ru'] as const)
      if (parametersOf(rule.sentence[language]).join() !== said)
        refuse('sentence', 'must have the same names in braces in each language');
    if (!rule.cases.some(({ alerts }) => alerts > 0) || !rule.cases.some(({ alerts }) => alerts === 0))
      refuse('cases', 'must hold a case that raises an alert, and a near miss that raises none');
  });

type RuleFile = z.output<typeof ruleSchema>;
export type RuleFilter = RuleFile['filter'];
export type RuleCase = RuleFile['cases'][number];

/** A detection rule, read. */
export interface Rule extends Omit<RuleFile, 'cases' | 'rule'> {
  readonly name: string;
  /** SHA-256 of what decides the rule, hex. */
  readonly hash: string;
}

/** Returns the names in braces, each once, in order. */
function parametersOf(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/\{([^{}]*)\}/g)].map(([, one]) => one ?? ''))].sort();
}
