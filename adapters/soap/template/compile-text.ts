import type { TemplateValues } from './compile-template.js';
import { parsePieces } from './placeholders.js';

/** Returns a text with its placeholders filled, not escaped; undefined if one has no value. Throws for a wrong text. */
export type WriteText = (values: TemplateValues) => string | undefined;

/** Compiles a text with placeholders. */
export function compileText(text: string): WriteText {
  const pieces = parsePieces(text);
  return (values) => {
    let written = '';
    for (const piece of pieces) {
      const value = typeof piece === 'string' ? piece : values.one(piece.name);
      if (value === undefined) return undefined;
      written += value;
    }
    return written;
  };
}
