/** One part of a template: fixed text, or a name in braces. */
export type TemplatePart =
  | { readonly text: string }
  | {
      /** The name in braces, without `[]`: `iin`, `case.number`, `constant.org`. */
      readonly name: string;
      /** Whether `[]` follows the name: a list of values. */
      readonly isList: boolean;
    };

export type Placeholder = Exclude<TemplatePart, { readonly text: string }>;

/** Names that begin so are those of `constants`. */
export const CONSTANT = 'constant.';

const IN_BRACES = /\{([^{}]*)\}/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z_][A-Za-z0-9_-]*)*$/;

/**
 * Splits a template at its placeholders: `/persons/{iin}`, `{iin[]}`. Returns undefined for a brace that belongs to no
 * placeholder.
 */
export function parseTemplate(template: string): readonly TemplatePart[] | undefined {
  const parts: TemplatePart[] = [];
  let end = 0;
  for (const match of template.matchAll(IN_BRACES)) {
    const [whole, inside = ''] = match;
    if (match.index > end) parts.push({ text: template.slice(end, match.index) });
    end = match.index + whole.length;
    const isList = inside.endsWith('[]');
    const name = isList ? inside.slice(0, -2) : inside;
    if (!NAME.test(name)) return undefined;
    parts.push({ name, isList });
  }
  if (end < template.length) parts.push({ text: template.slice(end) });
  return parts.some((part) => 'text' in part && /[{}]/.test(part.text)) ? undefined : parts;
}

/** Returns the placeholders of a template that {@link parseTemplate} takes. */
export function placeholdersIn(template: string): readonly Placeholder[] {
  return (parseTemplate(template) ?? []).filter((part): part is Placeholder => 'name' in part);
}
