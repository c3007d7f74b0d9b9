import { z } from 'zod';

const member = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/);

/** An argument of a field that the register is told: a whole number, cut to what the register knows. */
const listArgument = z
  .strictObject({ member, default: z.int(), least: z.int(), most: z.int() })
  .refine(({ default: usual, least, most }) => least <= usual && usual <= most, {
    error: 'has a default that is not from least to most',
  });

/** A field that holds a list which the register gives apart from the record, in pages. */
export const restListField = z.strictObject({
  list: z.string(),
  type: z.string(),
  arguments: z.record(z.string(), listArgument).default({}),
});

/** A list that is asked for many persons at once and comes in pages; the cursor for the next one is in the answer, and goes back in the question. */
export const restList = z.strictObject({
  path: z.string().regex(/^\/[A-Za-z0-9/_.-]*$/, 'must be a fixed path: what is asked travels in the body'),
  /** Member of the question with the numbers, so many at most. */
  keys: member,
  max_keys: z.int().min(1),
  /** Member of each item that says whose it is. */
  owner: member,
  items: member,
  page: z.strictObject({
    /** Member of the question that says how many items a page may have. */
    size: member,
    items: z.int().min(1),
    /** Member of the question, and of the answer; there it is null after the last page. */
    cursor: member,
    next: member,
    /** More pages than this are no answer. */
    max: z.int().min(1),
  }),
});

export type RestList = z.output<typeof restList>;
export type RestListField = z.output<typeof restListField>;
