import { z } from 'zod';

const member = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/);

/**
 * An argument of a field that is sent to the register: a whole number, limited to the range that the register knows.
 */
const listArgument = z
  .strictObject({ member, default: z.int(), least: z.int(), most: z.int() })
  .refine(({ default: usual, least, most }) => least <= usual && usual <= most, {
    error: 'has a default that is not from least to most',
  });

/** A field with a list that the register sends separately from the record, in pages. */
export const restListField = z.strictObject({
  list: z.string(),
  type: z.string(),
  arguments: z.record(z.string(), listArgument).default({}),
});

/**
 * A list that is requested for many people at once and comes in pages. Each answer holds the cursor that the request
 * for the next page sends.
 */
export const restList = z.strictObject({
  path: z.string().regex(/^\/[A-Za-z0-9/_.-]*$/, 'must be a fixed path: what is asked travels in the body'),
  /** Member of the request with the numbers, at most `max_keys`. */
  keys: member,
  max_keys: z.int().min(1),
  /** Member of each item with the number of its owner. */
  owner: member,
  items: member,
  page: z.strictObject({
    /** Member of the request with the greatest number of items in a page. */
    size: member,
    items: z.int().min(1),
    /** Member of the request with the cursor. `next` is that of the answer; it is null after the last page. */
    cursor: member,
    next: member,
    /** Greatest number of pages. A longer list is malformed. */
    max: z.int().min(1),
  }),
});

export type RestList = z.output<typeof restList>;
export type RestListField = z.output<typeof restListField>;
