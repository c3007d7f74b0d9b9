import { z } from 'zod';

/** The closed list of transforms, each with the options that it takes and what it does. */
export const TRANSFORMS = {
  text: { options: [], does: 'A number becomes the text of its digits as they were sent. A text stays.' },
  digits: {
    options: ['length'],
    does: 'A text of exactly `length` digits stays. A whole number gets zeros before it up to that length.',
  },
  decimal: {
    options: [],
    does: 'A number becomes the text of its digits as they were sent; an exponent is written out. A text must be such a number: `-12.50`.',
  },
  integer: { options: [], does: 'A number or text of digits only: `-12`. Nothing is rounded.' },
  boolean: {
    options: ['codes'],
    does: 'A boolean, or the text `true` or `false`; with `codes`, only the codes.',
  },
  code: {
    options: ['codes', 'unknown'],
    does: 'A code of the register becomes the value in `codes`. `null` there means that nothing is recorded.',
  },
  date: {
    options: ['format', 'zone'],
    does: 'A day in the form of `format`, `yyyy-MM-dd` if it is left out. A time in it must be midnight. `zone: drop` leaves out a zone after it.',
  },
  instant: {
    options: ['format', 'zone'],
    does: 'A moment in the form of `format`, that of RFC 3339 if it is left out. `zone` is for one that is written without an offset. The answer is in UTC.',
  },
  trim: { options: [], does: 'Removes white space at both ends of a text.' },
  join: { options: ['with'], does: 'Puts the texts of a list together, with `with` between them.' },
  split: { options: ['by'], does: 'Splits a text into a list. An empty text is an empty list.' },
  first: { options: [], does: 'Takes the first item of a list; null of an empty list.' },
} as const satisfies Readonly<Record<string, { readonly options: readonly OptionName[]; readonly does: string }>>;

export type TransformName = keyof typeof TRANSFORMS;

/** Names of all transforms. */
export const TRANSFORM_NAMES = Object.keys(TRANSFORMS) as readonly TransformName[] as [
  TransformName,
  ...TransformName[],
];

/** The options of all transforms. */
export const transformOptions = {
  length: z.int().min(1).max(100).optional().describe('For `digits`: how many.'),
  codes: z
    .record(z.string(), z.union([z.string(), z.boolean(), z.null()]))
    .optional()
    .describe('For `code` and `boolean`: the value of each code of the register.'),
  unknown: z
    .union([z.literal('error'), z.null()])
    .optional()
    .describe('For `code`: what another code is. `error` (as if left out), or `null` with a finding.'),
  format: z
    .string()
    .min(1)
    .optional()
    .describe(
      "For `date` and `instant`: `yyyy MM M dd d HH H mm ss`, `S` for each digit of a fraction, `XXX` (`+05:00` or `Z`), `XX` (`+0500` or `Z`), other characters as they stand, letters in quotes: `yyyy-MM-dd'T'HH:mm`. For `instant` also `epoch_s` and `epoch_ms`.",
    ),
  zone: z
    .string()
    .min(1)
    .optional()
    .describe(
      'For `instant`: the zone of a time without an offset, `Asia/Almaty` or `+05:00`. A time that the clocks of the zone skip or show twice is refused. For `date`: `drop`.',
    ),
  with: z.string().optional().describe('For `join`: what stands between the texts.'),
  by: z.string().min(1).optional().describe('For `split`: what stands between the texts.'),
};

type OptionName = 'length' | 'codes' | 'unknown' | 'format' | 'zone' | 'with' | 'by';

const oneTransform = z.enum(TRANSFORM_NAMES);

/** What `as` may be: a transform whose options stand beside it, or a chain in which each has its own. */
export const transformAs = z
  .union([
    oneTransform,
    z.array(z.union([oneTransform, z.strictObject({ as: oneTransform, ...transformOptions })])).min(1),
  ])
  .describe(
    'How the value is converted; a list of transforms is done in its order. Without it the value stays as it came and must be of the field’s type.',
  );

/** One transform with its options. */
export interface TransformSpec {
  readonly as: TransformName;
  readonly length?: number | undefined;
  readonly codes?: Readonly<Record<string, string | boolean | null>> | undefined;
  readonly unknown?: 'error' | null | undefined;
  readonly format?: string | undefined;
  readonly zone?: string | undefined;
  readonly with?: string | undefined;
  readonly by?: string | undefined;
}

/** A transform that cannot be used as it is written. `option`: the option that is wrong; `as` if there is none. */
export class TransformInvalid extends Error {
  constructor(
    readonly option: OptionName | 'as',
    message: string,
  ) {
    super(message);
    this.name = 'TransformInvalid';
  }
}

/** A compiled transform of one value. Null and undefined never come to it. */
export interface Transform {
  /** What it converts, as provenance says it. */
  readonly says: string;
  /** Returns the value, or a `ValueFault` if it cannot be converted. */
  readonly convert: (value: unknown) => unknown;
}
