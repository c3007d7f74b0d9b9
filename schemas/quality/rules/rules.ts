import { aboveZero } from './above-zero.js';
import { binCheckDigit } from './bin-check-digit.js';
import { birthDateMatchesIin } from './birth-date-matches-iin.js';
import { datesInOrder } from './dates-in-order.js';
import { iinCheckDigit } from './iin-check-digit.js';
import { notAfterToday } from './not-after-today.js';
import { notNegative } from './not-negative.js';
import { oneScript } from './one-script.js';
import { presentWhen } from './present-when.js';
import type { Rule } from './rule.js';
import { sexMatchesIin } from './sex-matches-iin.js';
import { shareAtMostWhole } from './share-at-most-whole.js';
import { updatedWithin } from './updated-within.js';

/** The rules that a contract can name (`quality: type custom, engine tereze`), by their names there. */
export const RULES: ReadonlyMap<string, Rule> = new Map(
  Object.entries({
    'above-zero': aboveZero,
    'bin-check-digit': binCheckDigit,
    'birth-date-matches-iin': birthDateMatchesIin,
    'dates-in-order': datesInOrder,
    'iin-check-digit': iinCheckDigit,
    'not-after-today': notAfterToday,
    'not-negative': notNegative,
    'one-script': oneScript,
    'present-when': presentWhen,
    'sex-matches-iin': sexMatchesIin,
    'share-at-most-whole': shareAtMostWhole,
    'updated-within': updatedWithin,
  }),
);

/** Rules that must see nulls to judge. */
export const SEES_NULLS: ReadonlySet<string> = new Set(['present-when']);
