import { z } from 'zod';

/** Part `jurisdiction`: where civil dates are counted. */
export const jurisdictionConfig = z.strictObject({
  time_zone: z
    .string()
    .refine(isTimeZone, 'is not a time zone of the IANA database')
    .default('Asia/Almaty')
    .describe('IANA zone of civil dates.'),
  fact_date: z.iso
    .date()
    .optional()
    .describe(
      'Civil date at which fact time stands, YYYY-MM-DD; for `environment: demo` and `test` only. Absent: fact time is real time.',
    ),
});

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
