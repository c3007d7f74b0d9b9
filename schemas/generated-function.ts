/**
 * Functions generated at run time for names that are known only then: an object built from a literal list
 * of keys is several times faster than one built key by key. Every use also works without, for processes
 * that forbid code generation (`--disallow-code-generation-from-strings`).
 */
export type GenerateFunction = (
  parameters: readonly string[],
  body: string,
) => ((...values: never[]) => unknown) | undefined;

/** Returns the function, or undefined where code generation is forbidden. `body` contains names only as {@link quoted}. */
export const generateFunction: GenerateFunction = (parameters, body) => {
  try {
    // Names get in only through `quoted`. All other text is written in this repository.
    return new Function(...parameters, `'use strict'; ${body}`) as (...values: never[]) => unknown;
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
};

/** Returns any name as a string literal of JavaScript. It is the only way by which a name gets into generated code. */
export function quoted(name: string): string {
  return JSON.stringify(name);
}
