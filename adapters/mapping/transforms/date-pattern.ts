import { TransformInvalid } from './transform.js';

/** What a part of a pattern matches, and whether its length is fixed. */
const PARTS: Readonly<
  Record<string, { readonly field: keyof PatternPlaces; readonly digits: string; readonly fixed: boolean }>
> = {
  yyyy: { field: 'year', digits: '\\d{4}', fixed: true },
  MM: { field: 'month', digits: '\\d{2}', fixed: true },
  M: { field: 'month', digits: '\\d{1,2}', fixed: false },
  dd: { field: 'day', digits: '\\d{2}', fixed: true },
  d: { field: 'day', digits: '\\d{1,2}', fixed: false },
  HH: { field: 'hour', digits: '\\d{2}', fixed: true },
  H: { field: 'hour', digits: '\\d{1,2}', fixed: false },
  mm: { field: 'minute', digits: '\\d{2}', fixed: true },
  ss: { field: 'second', digits: '\\d{2}', fixed: true },
  XXX: { field: 'offset', digits: 'Z|[+-]\\d{2}:\\d{2}', fixed: true },
  XX: { field: 'offset', digits: 'Z|[+-]\\d{4}', fixed: true },
};

/** Number of the group of each part in the pattern's expression; 0 if the pattern lacks the part. */
export interface PatternPlaces {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly fraction: number;
  readonly offset: number;
}

/** A pattern of dates and times, as an expression that matches whole texts only. */
export interface DatePattern {
  readonly expression: RegExp;
  readonly places: PatternPlaces;
}

/**
 * Compiles a pattern, see `format` in `transform.ts`. `after`: an expression of what may follow. Throws
 * {@link TransformInvalid} if the pattern lacks the day, or if a text could be read by it in two ways.
 */
export function compilePattern(pattern: string, after = ''): DatePattern {
  const places = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0, fraction: 0, offset: 0 };
  let source = '';
  let groups = 0;
  let isLoose = false;
  let isAfterDigits = false;
  for (const [token, letter] of pattern.matchAll(/([A-Za-z])\1*|'[^']*'|[^]/g)) {
    const part = partOf(token, letter);
    if (part === undefined) {
      source += literal(token);
      isLoose = isAfterDigits = false;
      continue;
    }
    if (places[part.field] > 0) throw new TransformInvalid('format', `names the ${part.field} twice`);
    const isDigits = part.field !== 'offset';
    if (isDigits && isAfterDigits && (isLoose || !part.fixed))
      throw new TransformInvalid('format', `has "${token}" beside other digits: write two letters for each`);
    groups += 1;
    places[part.field] = groups;
    source += `(${part.digits})`;
    isAfterDigits = isDigits;
    isLoose = !part.fixed;
  }
  const missing = (['year', 'month', 'day'] as const).find((field) => places[field] === 0);
  if (missing !== undefined) throw new TransformInvalid('format', `has no ${missing}: write yyyy, MM and dd`);
  checkTimes(places);
  return { expression: new RegExp(`^${source}${after}$`), places };
}

function partOf(token: string, letter: string | undefined) {
  if (letter === undefined || token === 'T') return undefined;
  if (letter === 'S' && token.length <= 9)
    return { field: 'fraction', digits: `\\d{${token.length}}`, fixed: true } as const;
  const part = Object.hasOwn(PARTS, token) ? PARTS[token] : undefined;
  if (part !== undefined) return part;
  if (token === 'yy')
    throw new TransformInvalid('format', 'has a year of two digits, which names no century: write yyyy');
  throw new TransformInvalid(
    'format',
    `has "${token}", which is no part: write yyyy, MM, M, dd, d, HH, H, mm, ss, S, XXX or XX, or put letters in quotes`,
  );
}

/** A part of a time means something only after the greater ones. */
function checkTimes({ hour, minute, second, fraction, offset }: PatternPlaces): void {
  const isOrdered =
    (minute === 0 || hour > 0) &&
    (second === 0 || minute > 0) &&
    (fraction === 0 || second > 0) &&
    (offset === 0 || hour > 0);
  if (!isOrdered)
    throw new TransformInvalid('format', 'has a part of a time without the greater ones: write HH, mm, ss');
}

function literal(token: string): string {
  const text = token.length > 1 && token.startsWith("'") ? token.slice(1, -1) : token;
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
