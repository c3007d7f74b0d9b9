/** A piece of a text of a template: fixed, or a placeholder with the name of its value. */
export type Piece = string | Placeholder;

export interface Placeholder {
  readonly name: string;
  /** Written `{name[]}`: one value for each key of a batch, or for each item of an argument that is a list. */
  readonly isList: boolean;
}

const PLACEHOLDER = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;
const NAME = /^([\p{L}_][\p{L}\p{N}_.-]*)(\[\])?$/u;

/**
 * Splits a text of a template: `{name}` is a placeholder, `{name[]}` one of a list, `{{` and `}}` are braces. Throws an
 * error that says what is wrong.
 */
export function parsePieces(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let fixed = '';
  let end = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    fixed += text.slice(end, match.index);
    end = match.index + match[0].length;
    if (match[0] === '{{' || match[0] === '}}') {
      fixed += match[0].charAt(0);
      continue;
    }
    const [, name, list] = NAME.exec(match[1] ?? '') ?? [];
    if (name === undefined) throw new Error(`${match[0]} is no placeholder: write {name}, and {{ for a brace`);
    if (fixed !== '') pieces.push(fixed);
    fixed = '';
    pieces.push({ name, isList: list !== undefined });
  }
  fixed += text.slice(end);
  if (fixed !== '') pieces.push(fixed);
  return pieces;
}
