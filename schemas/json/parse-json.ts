import { endOfString, isBeforeColon } from './json-scan.js';
import { isObject } from '../objects.js';

/**
 * Parses JSON as `JSON.parse` should. V8 of Node 24 takes a name for one that an earlier text had in its place, if that
 * one ends with a backslash where this one has an escape: after `{"a":1,"\\":2}` it reads `{"a":1,"\n":3}` as
 * `{"a":1,"\\":3}`. There, names are written without escapes before they are parsed.
 *
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  return MISTAKES_NAMES && text.includes('\\') ? parseWithPlainNames(text) : JSON.parse(text);
}

const MISTAKES_NAMES = !Object.hasOwn(
  ['{"tereze":1,"\\\\":2}', '{"tereze":1,"\\u0062":3}'].map((text) => JSON.parse(text) as object)[1] ?? {},
  'b',
);

/** Private use: stands for a name that cannot be written without an escape. */
const PLACEHOLDER = '\ue000';

/** What {@link parseJson} does where the engine mistakes names. */
export function parseWithPlainNames(text: string): unknown {
  // A name that has the character itself gets a placeholder too: none is taken for another.
  const names = new Map<string, string>();
  let plain = '';
  let copied = 0;
  for (let start = text.indexOf('"'); start !== -1;) {
    const end = endOfString(text, start);
    const literal = text.slice(start, end);
    if (/[\\\ue000]/.test(literal) && isBeforeColon(text, end)) {
      plain += text.slice(copied, start) + plainName(String(JSON.parse(literal)), names);
      copied = end;
    }
    start = text.indexOf('"', end);
  }
  const value: unknown = JSON.parse(plain + text.slice(copied));
  return names.size === 0 ? value : restored(value, new Map([...names].map(([name, written]) => [written, name])));
}

/** Returns the literal of a name, without an escape. */
function plainName(name: string, names: Map<string, string>): string {
  if (!/["\\\u0000-\u001f\ue000]/.test(name)) return `"${name}"`;
  const written = names.get(name) ?? `${PLACEHOLDER}${names.size}`;
  names.set(name, written);
  return `"${written}"`;
}

/** Returns the value with the names that the placeholders stand for. */
function restored(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => restored(item, names));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [names.get(name) ?? name, restored(inner, names)]),
  );
}
