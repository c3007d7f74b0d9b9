import { RE2JS } from 're2js';

/** Beyond these a pattern takes time that is felt: RE2 takes as many steps for each character as the pattern has instructions. */
const MAX_LENGTH = 10_000;
const MAX_INSTRUCTIONS = 3_000;

/**
 * Compiles a pattern in the syntax of ECMA-262, which the standard has. Returns why it is not evaluated if RE2 cannot run
 * it: it has no look-around and no back-references, so that its time is linear in the text. Patterns run on data from
 * other parties, so that no pattern runs on another engine. As in JSON Schema, a pattern without `^` and `$` may match a
 * part.
 */
export function linearPattern(pattern: string): { readonly compiled: RE2JS } | { readonly notEvaluated: string } {
  if (pattern.length > MAX_LENGTH) return { notEvaluated: `the pattern is longer than ${MAX_LENGTH} characters` };
  const compiled = compile(pattern);
  if (compiled === undefined) return { notEvaluated: 'RE2 cannot run the pattern' };
  return compiled.programSize() > MAX_INSTRUCTIONS
    ? { notEvaluated: `the pattern has more than ${MAX_INSTRUCTIONS} instructions` }
    : { compiled };
}

function compile(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern));
  } catch {
    return undefined;
  }
}
