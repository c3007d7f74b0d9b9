import type { RE2JS } from 're2js';
import { isObject } from '../objects.js';
import type { ContractElement, QualityRule } from './contract.js';
import { brokenByDecimal, decimalText } from './decimal-check.js';
import { isLeaf, isNumber } from './element.js';
import { linearPattern } from './linear-pattern.js';

/** A rule of the standard's library that can be said of one value. */
export interface LibraryRule {
  /** Texts, or numerals if the field is a number. */
  readonly values: readonly string[] | undefined;
  readonly pattern: RE2JS | undefined;
}

/** Why a rule is not evaluated, in words. */
export interface NotEvaluated {
  readonly notEvaluated: string;
}

const KNOWN_ARGUMENTS = new Set(['validValues', 'pattern']);

/**
 * Reads a rule of the library about one field. Most of them count a data set, and Tereze sees one record at a time. What
 * can be said of one value is `invalidValues` with `mustBe: 0`: no value is an invalid one.
 */
export function readLibraryRule(element: ContractElement, quality: QualityRule): LibraryRule | NotEvaluated {
  const { metric, mustBe, arguments: given } = quality;
  if (metric === undefined) return because('it has no metric: a rule of v3.0');
  if (metric !== 'invalidValues') return because('it counts a data set');
  if (mustBe !== 0) return because('it is about a share of a data set: only mustBe: 0 says something of one value');
  if (!isLeaf(element)) return because('only the values of single fields are judged');
  if (!isObject(given)) return because('it has no arguments');
  const unknown = Object.keys(given).find((name) => !KNOWN_ARGUMENTS.has(name));
  if (unknown !== undefined) return because(`Tereze does not know the argument "${unknown}"`);
  return readArguments(element, given);
}

function readArguments(
  element: ContractElement,
  { validValues, pattern }: Readonly<Record<string, unknown>>,
): LibraryRule | NotEvaluated {
  if (validValues === undefined && pattern === undefined) return because('it has no arguments');
  const values = validValues === undefined ? undefined : valuesOf(element, validValues);
  if (validValues !== undefined && values === undefined)
    return because(
      isNumber(element) ? 'its valid values are no list of numbers' : 'its valid values are no list of texts in quotes',
    );
  if (pattern === undefined) return { values, pattern: undefined };
  if (isNumber(element) || element.logicalType === 'boolean') return because('a pattern is about texts');
  if (typeof pattern !== 'string') return because('its pattern is no text');
  const read = linearPattern(pattern);
  return 'notEvaluated' in read ? read : { values, pattern: read.compiled };
}

/** Null in the list says that null is valid, which it is anyway unless the field is required. */
function valuesOf(element: ContractElement, list: unknown): readonly string[] | undefined {
  if (!Array.isArray(list) || element.logicalType === 'boolean') return undefined;
  const values = (list as readonly unknown[]).filter((value) => value !== null);
  const texts = values.map((value) => (isNumber(element) ? decimalText(value) : value));
  return texts.length > 0 && texts.every((text) => typeof text === 'string') ? texts : undefined;
}

/** Whether a value that is not null keeps the rule. */
export function holdsFor(value: unknown, { values, pattern }: LibraryRule, element: ContractElement): boolean {
  if (isNumber(element))
    return values === undefined || !brokenByDecimal(value, { type: 'number', enum: values }).includes('enum');
  if (values !== undefined && !(typeof value === 'string' && values.includes(value))) return false;
  return pattern === undefined || typeof value !== 'string' || pattern.test(value);
}

function because(notEvaluated: string): NotEvaluated {
  return { notEvaluated };
}
