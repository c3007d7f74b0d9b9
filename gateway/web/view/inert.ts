/**
 * Characters that are not shown, or that change how others are shown: controls, directions of writing, joiners without
 * width, tags, line separators. A line feed and a tab of ours would be in templates, never in data.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\ufe00-\ufe0f]/gu;

/** Returns a text with every hidden character written out as its code: `[U+202E]`. What someone else wrote shows as it is. */
export function inertText(text: string): string {
  return text.replace(
    HIDDEN,
    (character) => `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
  );
}

/** Returns data of a page with every text in it inert. A template escapes what is left for HTML. */
export function inert<Data>(data: Data): Data {
  return inertValue(data) as Data;
}

function inertValue(value: unknown): unknown {
  if (typeof value === 'string') return inertText(value);
  if (Array.isArray(value)) return value.map(inertValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inertValue(member)]));
}
