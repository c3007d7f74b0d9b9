/**
 * Functions made at run time for names that are known only then: an object built of a literal list of
 * keys is several times faster than one built key by key. Every use has a way without, for processes
 * in which generating code is forbidden (`--disallow-code-generation-from-strings`).
 */
export type GenerateFunction = (
  parameters: readonly string[],
  body: string,
) => ((...values: never[]) => unknown) | undefined;

/** Undefined where generating code is forbidden. Names stand in `body` only as {@link quoted}. */
export const generateFunction: GenerateFunction = (parameters, body) => {
  try {
    // Names get in only through `quoted`, everything else of the text is written in this repository.
    return new Function(...parameters, `'use strict'; ${body}`) as (...values: never[]) => unknown;
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
};

/** A name as a string literal of JavaScript, whatever it holds: the only way into generated code. */
export function quoted(name: string): string {
  return JSON.stringify(name);
}
