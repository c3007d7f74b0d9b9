import { isObject } from '../objects.js';

const DECIMAL = /^-?\d+(\.\d+)?$/;
const BOUNDS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'];

/**
 * Returns a document in the words of the standard, for its schema to judge. Tereze has three words more: the type
 * `decimal`, bounds in quotes, and bounds of a `string` that holds a decimal.
 */
export function standardForm(document: unknown): unknown {
  if (!isObject(document)) return document;
  return { ...document, ...listOf(document, 'schema', elementForm) };
}

function elementForm(element: unknown): unknown {
  if (!isObject(element)) return element;
  const { logicalType, logicalTypeOptions: options, items } = element;
  return {
    ...element,
    ...(logicalType === 'decimal' ? { logicalType: 'number' } : {}),
    ...(isObject(options) ? { logicalTypeOptions: optionsForm(options, logicalType) } : {}),
    ...(isObject(items) ? { items: elementForm(items) } : {}),
    ...listOf(element, 'properties', elementForm),
  };
}

function optionsForm(options: Readonly<Record<string, unknown>>, type: unknown): Record<string, unknown> {
  const isText = type === 'string';
  if (!isText && type !== 'number' && type !== 'integer' && type !== 'decimal') return options;
  const isBound = ([name, value]: [string, unknown]): boolean => BOUNDS.includes(name) && isDecimal(value);
  return Object.fromEntries(
    Object.entries(options)
      .filter((option) => !(isText && isBound(option)))
      .map((option) => (isBound(option) ? [option[0], Number(option[1])] : option)),
  );
}

function isDecimal(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && DECIMAL.test(value));
}

function listOf(
  holder: Readonly<Record<string, unknown>>,
  name: string,
  form: (item: unknown) => unknown,
): Record<string, unknown> {
  const list = holder[name];
  return Array.isArray(list) ? { [name]: list.map(form) } : {};
}
