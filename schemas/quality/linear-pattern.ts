import { RE2JS } from 're2js';

/**
 * Compiles a pattern in the syntax of ECMA-262, which the standard has. Returns undefined if RE2 cannot run it: it has
 * no look-around and no back-references, so that its time is linear in the text. Patterns run on data from other
 * parties, so that no pattern runs on another engine. As in JSON Schema, a pattern without `^` and `$` may match a part.
 */
export function linearPattern(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern));
  } catch {
    return undefined;
  }
}
