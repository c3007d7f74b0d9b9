import type { z } from 'zod';
import type { ConfigProblem } from './config-error.js';
import type { CompletedValues } from './environment-values.js';
import { describedAt, type ConfigJsonSchema } from './json-schema.js';
import type { LocatedDocument } from './located-document.js';
import { nearestKey } from '../../schemas/nearest-key.js';

/** What problems are told about: the text, where values came from, and the keys that there are. */
export interface ShapeContext {
  readonly document: LocatedDocument;
  readonly values: unknown;
  readonly fromEnvironment: CompletedValues['fromEnvironment'];
  readonly schema: ConfigJsonSchema;
}

/** Each fault of shape with file, line and key; unknown keys with the nearest known one. Values are never quoted. */
export function shapeProblems(error: z.ZodError, context: ShapeContext): readonly ConfigProblem[] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? unknownKeys(issue, context) : [fault(issue, context)],
  );
}

function unknownKeys(issue: z.core.$ZodIssueUnrecognizedKeys, context: ShapeContext): readonly ConfigProblem[] {
  const known = Object.keys(describedAt(context.schema, issue.path, context.values)?.properties ?? {});
  return issue.keys.map((key) => {
    const nearest = nearestKey(key, known);
    const hint = nearest === undefined ? knownKeys(known) : `did you mean "${nearest}"?`;
    return place([...issue.path, key], `unknown key; ${hint}`, context);
  });
}

function knownKeys(known: readonly string[]): string {
  return known.length === 0 ? 'no keys are known here' : `known here: ${known.join(', ')}`;
}

function fault(issue: z.core.$ZodIssue, context: ShapeContext): ConfigProblem {
  // A rule between keys says itself what is missing.
  if (issue.code === 'custom' || !isMissing(issue.path, context.values))
    return place(issue.path, issue.message, context);
  const description = describedAt(context.schema, issue.path, context.values)?.description;
  return place(issue.path, `is missing${description === undefined ? '' : `: ${description}`}`, context);
}

function isMissing(path: readonly PropertyKey[], values: unknown): boolean {
  const found = path.reduce<unknown>(
    (here, step) => (typeof here === 'object' && here !== null ? Reflect.get(here, step) : undefined),
    values,
  );
  return path.length > 0 && found === undefined;
}

function place(
  path: readonly PropertyKey[],
  problem: string,
  { document, fromEnvironment }: ShapeContext,
): ConfigProblem {
  const key = path.map(String).join('.');
  const variable = fromEnvironment.get(key);
  if (variable !== undefined)
    return { file: document.file, key, problem: `${problem} (taken from the environment variable ${variable})` };
  return { file: document.file, line: document.lineOf(path), key, problem };
}
