import { z } from 'zod';
import { OWN_FIELDS } from '../../../monitoring/audit/schema/bodies.js';
import type { EntryBody, EntrySearchFilters } from '../../../monitoring/audit/entries.js';
import { MAX_ROWS } from '../../../monitoring/audit/search/filter.js';
import { REASON_LENGTH } from '../../../monitoring/audit/search/grounds.js';
import { textFault } from '../../../schemas/caller-texts/text-fault.js';
import { isIin } from '../../../schemas/identifiers/iin.js';
import { instantMs } from '../../../schemas/time/instant.js';
import { SERVED_FORMATS, type ServedFormat } from '../../exports/rows.js';

/** Members that several routes of officers take, each with what may stand in it. */

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MAX_TEXT = 256;
/** Times outside these years are no time of an entry, and the database does not know all of them. */
const YEARS = { first: 2000, last: 2199 };

/** A text that an entry and an address may hold: never one with the number of a person. */
const text = z
  .string()
  .min(1)
  .max(MAX_TEXT)
  .refine((value) => textFault(value) === undefined, 'must hold no number of a person');

const instant = z.string().max(40).refine(isTimeOfEntry, 'must be a time with its zone').meta({ format: 'date-time' });

const KINDS = Object.keys(OWN_FIELDS) as [EntryBody['kind'], ...EntryBody['kind'][]];

/** What narrows a search; a person is never among it. */
const filterShape = {
  since: instant.optional(),
  until: instant.optional(),
  agency: text.optional(),
  system: text.optional(),
  officer: text.optional(),
  model: text.optional(),
  register: text.optional(),
  category: text.optional(),
  purpose: text.optional(),
  case: text.optional(),
  kind: z.enum(KINDS).optional(),
  outcome: text.optional(),
  code: text.optional(),
  document: text.optional(),
  operation: text.optional(),
  request: text.optional(),
  log: text.optional(),
} satisfies Readonly<Record<keyof EntrySearchFilters, z.ZodType>>;

const filters = z.strictObject(filterShape);
type Filters = z.output<typeof filters>;

/** The members of a search, as a body has them. */
const searchShape = {
  filters: filters.default({}).describe('What the entries must fit.'),
  person: z
    .string()
    .max(MAX_TEXT)
    .refine(isIin, 'must be the number of a person')
    .optional()
    .describe('Number (IIN) of the person that is searched for. It is never part of an address.'),
  reason: z
    .string()
    .max(REASON_LENGTH.most * 2)
    .transform((value) => value.trim())
    .optional()
    .describe(
      `Why, ${REASON_LENGTH.least} to ${REASON_LENGTH.most} characters without the number of a person. Required with person.`,
    ),
  case: z
    .strictObject({ agency: z.string().min(1).max(MAX_TEXT), number: z.string().min(1).max(MAX_TEXT) })
    .optional()
    .describe('The case in which the officer searches. Required with person.'),
  limit: z.int().min(1).max(MAX_ROWS).default(50).describe('Rows at most.'),
  after: z.string().min(1).max(2_000).optional().describe('Cursor of an earlier page of the same search.'),
} as const;

/** A search in a body. */
export const searchBody = z.strictObject({
  ...searchShape,
  approval: z
    .string()
    .regex(UUID)
    .optional()
    .describe('Id of the approval of a second officer. Needed for a search that is directed at officers.'),
});

/** The members of an export: those of a search that say which entries. */
const { limit: _limit, after: _after, ...coveredShape } = searchShape;
void [_limit, _after];

const exportShape = {
  ...coveredShape,
  format: z
    .enum(Object.keys(SERVED_FORMATS) as [ServedFormat, ...ServedFormat[]])
    .describe('As what the entries leave.'),
} as const;

/** An export in a body. */
export const exportBody = z.strictObject({
  ...exportShape,
  approval: z
    .string()
    .regex(UUID)
    .optional()
    .describe('Id of the approval of a second officer for exactly this export. Without it the export is refused.'),
});

/** What a second officer is asked to approve. */
export const approvalBody = z.discriminatedUnion('action', [
  z.strictObject({ ...searchShape, action: z.literal('search').describe('A search is to be approved.') }),
  z.strictObject({ ...exportShape, action: z.literal('export').describe('An export is to be approved.') }),
]);

/** The members of a search without a person, as an address has them. */
export const searchQuery = z.strictObject({
  ...filterShape,
  limit: z
    .string()
    .regex(/^[1-9][0-9]{0,4}$/)
    .optional()
    .describe(`Rows at most, 1 to ${MAX_ROWS}; 50 if it is left out.`),
  after: searchShape.after,
});

const ofReaders = (name: string): boolean => /^(?:audit|approval)/.test(name);

/** A count in an address: as a search, but of no officer, and of nothing about those who read the log. */
export const countQuery = filters.omit({ officer: true }).extend({
  since: instant,
  until: instant,
  kind: z.enum(KINDS.filter((kind) => !ofReaders(kind))).optional(),
  outcome: text.refine((outcome) => !ofReaders(outcome)).optional(),
});

/** Number of a log, as addresses have it. */
export const logNumber = z.string().regex(/^(?:0|[1-9][0-9]{0,5})$/);
/** Position in a log, as addresses have it. */
export const entryIndex = z.string().regex(/^(?:0|[1-9][0-9]{0,14})$/);
/** Id that Tereze made. */
export const uuid = z.string().regex(UUID).meta({ format: 'uuid' });

/** Returns filters as a search takes them: nothing undefined, times in UTC. */
export function filtersOf(given: Filters): EntrySearchFilters {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, name === 'since' || name === 'until' ? inUtc(value) : value]],
    ),
  );
}

function inUtc(value: string): string {
  return new Date(instantMs(value) ?? Number.NaN).toISOString();
}

function isTimeOfEntry(value: string): boolean {
  const ms = instantMs(value);
  if (ms === undefined) return false;
  const year = new Date(ms).getUTCFullYear();
  return year >= YEARS.first && year <= YEARS.last;
}
