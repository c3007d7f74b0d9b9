import { Refusal } from '../../../schemas/refusal.js';

/** Characters of a text at most, unless a field says otherwise. */
export const MAX_TEXT = 1_000;

/** Returns the body if it is an object without other fields than these. A refusal never contains a field's value. */
export function exactFields(body: unknown, allowed: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Refusal('BAD_USER_INPUT', { reasons: ['body'] });
  const unknown = Object.keys(body).some((key) => !allowed.includes(key));
  if (unknown) throw new Refusal('BAD_USER_INPUT', { reasons: ['unknown_field'] });
  return body as Readonly<Record<string, unknown>>;
}

/** Returns a required text. */
export function textField(body: Readonly<Record<string, unknown>>, name: string): string {
  const value = optionalTextField(body, name);
  if (value === undefined) throw new Refusal('BAD_USER_INPUT', { reasons: [name] });
  return value;
}

/** Returns a text of at most `maxLength` characters, or undefined if the field is absent. */
export function optionalTextField(
  body: Readonly<Record<string, unknown>>,
  name: string,
  maxLength = MAX_TEXT,
): string | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value.length === 0 || value.length > maxLength)
    throw new Refusal('BAD_USER_INPUT', { reasons: [name] });
  return value;
}

/** Returns a list of at least one and at most `maxItems` texts, or undefined if the field is absent. */
export function optionalTextList(
  body: Readonly<Record<string, unknown>>,
  name: string,
  maxItems: number,
): readonly string[] | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  const isList =
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= maxItems &&
    value.every((item) => typeof item === 'string' && item.length <= MAX_TEXT);
  if (!isList) throw new Refusal('BAD_USER_INPUT', { reasons: [name] });
  return value as readonly string[];
}
