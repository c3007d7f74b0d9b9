import { z } from 'zod';
import { Numeral } from '../../../schemas/numeral.js';
import { compileValue, ValueRefused, type RequestValues } from './values.js';

/** What the register takes for one placeholder. */
const limits = z
  .strictObject({
    default: z.union([z.string(), z.number(), z.boolean()]).optional().describe('What is sent if there is no value.'),
    least: z.number().optional().describe('A smaller number is sent as this one.'),
    most: z.number().optional().describe('A greater number is sent as this one.'),
    required: z.literal(true).optional().describe('Without a value the register is not asked: `key_type`.'),
  })
  .superRefine(({ default: usual, least, most, required }, context) => {
    const fault = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message });
    if (least !== undefined && most !== undefined && least > most) fault('least', 'is greater than most');
    if (typeof usual === 'number' && (usual < (least ?? usual) || usual > (most ?? usual)))
      fault('default', 'is not from least to most');
    if (required !== undefined && usual !== undefined) fault('required', 'has no use beside a default: remove one');
  });

/** What the register takes for the placeholders of an operation, by name. */
export const limitsByName = z
  .record(z.string().min(1), limits)
  .describe('What the register takes for placeholders of the request: `size: { default: 20, least: 1, most: 100 }`.');

type Limits = z.output<typeof limitsByName>[string];

/**
 * Returns what gives the default to a placeholder without a value and brings a number to the nearest one in its range.
 * It throws `ValueRefused` for a required one without a value.
 */
export function compileLimits(written: Readonly<Record<string, Limits>>): (values: RequestValues) => RequestValues {
  const named = Object.entries(written).map(([name, limit]) => ({ name, limit, valueOf: compileValue(name) }));
  return (values) => {
    const completed: Record<string, unknown> = { ...values };
    for (const { name, limit, valueOf } of named) {
      const value = valueOf(values) ?? limit.default;
      if (value === undefined && limit.required === true) throw new ValueRefused(name);
      completed[name] = Array.isArray(value) ? value.map((one: unknown) => limited(one, limit)) : limited(value, limit);
    }
    return completed;
  };
}

function limited(value: unknown, { least = -Infinity, most = Infinity }: Limits): unknown {
  const number = value instanceof Numeral ? Number(value.source) : value;
  if (typeof number !== 'number') return value;
  if (number < least) return least;
  return number > most ? most : value;
}
