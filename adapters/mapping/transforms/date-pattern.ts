import { endOfDigits, fourDigitsAt, twoDigitsAt } from '../../../schemas/time/digits.js';
import { TransformInvalid } from './transform.js';
import { offsetMsAt } from './zone.js';

/** The parts of a date and time that a text was read as. */
export interface DateParts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** Digits after the point, as they were sent. Undefined if the pattern has none. */
  fraction: string | undefined;
  /** Milliseconds. Undefined if the pattern has none. */
  offset: number | undefined;
}

type NumberPart = Exclude<keyof DateParts, 'fraction' | 'offset'>;

/** A part of a pattern, in the order of the text. */
type Step =
  | { readonly kind: 'literal'; readonly unit: number }
  | { readonly kind: 'two' | 'four' | 'loose'; readonly part: NumberPart }
  | { readonly kind: 'fraction'; readonly digits: number }
  | { readonly kind: 'offset'; readonly length: number };

/** `four` and `two`: as many digits. `loose`: one or two. */
const NUMBERS: Readonly<Record<string, Step>> = {
  yyyy: { kind: 'four', part: 'year' },
  MM: { kind: 'two', part: 'month' },
  M: { kind: 'loose', part: 'month' },
  dd: { kind: 'two', part: 'day' },
  d: { kind: 'loose', part: 'day' },
  HH: { kind: 'two', part: 'hour' },
  H: { kind: 'loose', part: 'hour' },
  mm: { kind: 'two', part: 'minute' },
  ss: { kind: 'two', part: 'second' },
};
const OFFSETS: Readonly<Record<string, Step>> = {
  XXX: { kind: 'offset', length: 6 },
  XX: { kind: 'offset', length: 5 },
};
const MAX_FRACTION = 9;

/** A pattern of dates and times. */
export interface DatePattern {
  /** Whether the pattern has this part. */
  has(part: keyof DateParts): boolean;
  /** Returns the parts of a text that has exactly this form, undefined for any other. They need not be a day that exists. */
  read(text: string): DateParts | undefined;
}

/**
 * Compiles a pattern, see `format` in `transform.ts`. `dropsZone`: an offset may follow, and is left out. Throws
 * {@link TransformInvalid} if the pattern lacks the day, or if a text could be read by it in two ways.
 */
export function compilePattern(pattern: string, dropsZone = false): DatePattern {
  const steps = [...pattern.matchAll(/([A-Za-z])\1*|'[^']*'|[^]/g)].flatMap(([token, letter]) =>
    stepsOf(token, letter),
  );
  const parts = new Set<keyof DateParts>();
  steps.forEach((step, position) => {
    const part = partOf(step);
    if (part !== undefined && parts.has(part)) throw new TransformInvalid('format', `names the ${part} twice`);
    if (part !== undefined) parts.add(part);
    checkNeighbour(step, steps[position + 1]);
  });
  const missing = (['year', 'month', 'day'] as const).find((part) => !parts.has(part));
  if (missing !== undefined) throw new TransformInvalid('format', `has no ${missing}: write yyyy, MM and dd`);
  checkTimes(parts);
  return { has: (part) => parts.has(part), read: (text) => readSteps(text, steps, dropsZone) };
}

function stepsOf(token: string, letter: string | undefined): readonly Step[] {
  if (letter !== undefined && token !== 'T') return [stepOf(token, letter)];
  const text = token.length > 1 && token.startsWith("'") ? token.slice(1, -1) : token;
  return Array.from({ length: text.length }, (_, at) => ({ kind: 'literal', unit: text.charCodeAt(at) }));
}

function stepOf(token: string, letter: string): Step {
  if (letter === 'S' && token.length <= MAX_FRACTION) return { kind: 'fraction', digits: token.length };
  const step = Object.hasOwn(NUMBERS, token)
    ? NUMBERS[token]
    : Object.hasOwn(OFFSETS, token)
      ? OFFSETS[token]
      : undefined;
  if (step !== undefined) return step;
  if (token === 'yy')
    throw new TransformInvalid('format', 'has a year of two digits, which names no century: write yyyy');
  throw new TransformInvalid(
    'format',
    `has "${token}", which is no part: write yyyy, MM, M, dd, d, HH, H, mm, ss, S, XXX or XX, or put letters in quotes`,
  );
}

function partOf(step: Step): keyof DateParts | undefined {
  if (step.kind === 'literal') return undefined;
  return step.kind === 'fraction' || step.kind === 'offset' ? step.kind : step.part;
}

/** Digits whose number is not fixed must end where they end. */
function checkNeighbour(step: Step, next: Step | undefined): void {
  const isLoose = (one: Step | undefined): boolean => one?.kind === 'loose';
  const isDigits = (one: Step | undefined): boolean =>
    one !== undefined && one.kind !== 'offset' && (one.kind !== 'literal' || isDigit(one.unit));
  const isOpen = (isLoose(step) && isDigits(next)) || (isDigits(step) && isLoose(next));
  if (isOpen) throw new TransformInvalid('format', 'has one letter for digits beside other digits: write two');
}

/** A part of a time means something only after the greater ones. */
function checkTimes(parts: ReadonlySet<keyof DateParts>): void {
  const needs = [
    ['minute', 'hour'],
    ['second', 'minute'],
    ['fraction', 'second'],
    ['offset', 'hour'],
  ] as const;
  if (needs.some(([part, greater]) => parts.has(part) && !parts.has(greater)))
    throw new TransformInvalid('format', 'has a part of a time without the greater ones: write HH, mm, ss');
}

function readSteps(text: string, steps: readonly Step[], dropsZone: boolean): DateParts | undefined {
  const parts: DateParts = {
    year: 0,
    month: 0,
    day: 0,
    hour: 0,
    minute: 0,
    second: 0,
    fraction: undefined,
    offset: undefined,
  };
  let at = 0;
  for (const step of steps) {
    const end = readStep(text, at, step, parts);
    if (end === undefined) return undefined;
    at = end;
  }
  if (dropsZone && at < text.length) at = readOffset(text, at, OFFSET_LENGTH, parts) ?? at;
  return at === text.length ? parts : undefined;
}

/** Length of `+05:00`. */
const OFFSET_LENGTH = 6;

/** Returns where the step ends, undefined if the text is something else there. */
function readStep(text: string, at: number, step: Step, parts: DateParts): number | undefined {
  switch (step.kind) {
    case 'literal':
      return text.charCodeAt(at) === step.unit ? at + 1 : undefined;
    case 'two':
      return setPart(parts, step.part, twoDigitsAt(text, at)) ? at + 2 : undefined;
    case 'four':
      return setPart(parts, step.part, fourDigitsAt(text, at)) ? at + 4 : undefined;
    case 'loose': {
      const end = endOfDigits(text, at, 2);
      if (end === at) return undefined;
      setPart(parts, step.part, end === at + 1 ? text.charCodeAt(at) - ZERO : twoDigitsAt(text, at));
      return end;
    }
    case 'fraction': {
      const end = endOfDigits(text, at, step.digits);
      if (end - at < step.digits) return undefined;
      parts.fraction = text.slice(at, end);
      return end;
    }
    case 'offset':
      return readOffset(text, at, step.length, parts);
  }
}

/** Returns false for a number below zero, which stands for no digits. A switch spares the search for the name of the member. */
function setPart(parts: DateParts, part: NumberPart, number: number): boolean {
  switch (part) {
    case 'year':
      parts.year = number;
      break;
    case 'month':
      parts.month = number;
      break;
    case 'day':
      parts.day = number;
      break;
    case 'hour':
      parts.hour = number;
      break;
    case 'minute':
      parts.minute = number;
      break;
    case 'second':
      parts.second = number;
      break;
  }
  return number >= 0;
}

function readOffset(text: string, at: number, length: number, parts: DateParts): number | undefined {
  const isUtc = text.charCodeAt(at) === CAPITAL_Z;
  parts.offset = isUtc ? 0 : offsetMsAt(text, at, length);
  if (parts.offset === undefined) return undefined;
  return at + (isUtc ? 1 : length);
}

const CAPITAL_Z = 0x5a;
const ZERO = 0x30;
const NINE = 0x39;

function isDigit(unit: number): boolean {
  return unit >= ZERO && unit <= NINE;
}
