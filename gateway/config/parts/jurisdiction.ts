import { z } from 'zod';

/** Part `jurisdiction`: where civil dates are counted. */
export const jurisdictionConfig = z.strictObject({
  time_zone: z
    .string()
    .refine(isTimeZone, 'is not a time zone of the IANA database')
    .default('Asia/Almaty')
    .describe('IANA time zone of civil dates.'),
  fact_date: z.iso
    .date()
    .optional()
    .describe(
      'Fixed civil date of fact time, YYYY-MM-DD; for `environment: demo` and `test` only. Without it, fact time is real time.',
    ),
});

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
