import type { z } from 'zod';
import type { DocumentPath } from '../schemas/bounded-yaml.js';
import { nearestKey } from '../schemas/nearest-key.js';

/** Something that is wrong with a `source.yaml`. `at`: where it is written; the name of the member if `isName`. */
export interface SourceFault {
  readonly at: DocumentPath;
  readonly isName: boolean;
  /** What is wrong, and what to write. */
  readonly message: string;
}

type Issue = z.core.$ZodIssue;
type Schema = z.core.$ZodType;

/**
 * Returns each fault of shape: unknown members with the nearest known one, and of forms that a value may have the nearest
 * one's. `around`: where the value is in the document.
 */
export function shapeFaults(
  error: z.core.$ZodError,
  schema: Schema,
  value: unknown,
  around: DocumentPath = [],
): readonly SourceFault[] {
  return error.issues
    .flatMap((issue) => flatIssues(issue, []))
    .flatMap((issue) => faultsOf(issue, schema, value))
    .map(({ at, isName, message }) => {
      const place = [...around, ...at];
      return { at: place, isName, message: `${place.join('.')}: ${message}` };
    });
}

/** An issue outside of unions, with its whole path. */
type FlatIssue = Exclude<Issue, z.core.$ZodIssueInvalidUnion>;

function flatIssues(issue: Issue, around: readonly PropertyKey[]): readonly FlatIssue[] {
  const path = [...around, ...issue.path];
  if (issue.code !== 'invalid_union') return [{ ...issue, path }];
  const forms = issue.errors.map((errors) => errors.flatMap((one) => flatIssues(one, path)));
  const [nearest] = [...forms].sort((one, other) => distance(one, path) - distance(other, path));
  return nearest ?? [{ code: 'custom', path, message: issue.message, params: {} }];
}

/** How far a value is from a form. Another kind of value is farthest. */
function distance(issues: readonly FlatIssue[], path: readonly PropertyKey[]): number {
  const isOther = issues.some((issue) => issue.code === 'invalid_type' && issue.path.length === path.length);
  const faults = issues.map((issue) => {
    if (issue.code === 'unrecognized_keys') return issue.keys.length;
    return issue.code === 'invalid_type' ? 0.75 : 1;
  });
  return faults.reduce<number>((sum, one) => sum + one, isOther ? 1_000 : 0);
}

function faultsOf(issue: FlatIssue, schema: Schema, value: unknown): readonly SourceFault[] {
  const at = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, at);
    return issue.keys.map((key) => ({
      at: [...at, key],
      isName: true,
      message: `unknown key, ${meant(key, known)}`,
    }));
  }
  if (issue.code === 'invalid_type') {
    const isMissing = valueAt(value, at) === undefined;
    const says = isMissing ? 'is missing' : `must be ${kindText(issue.expected)}`;
    return [{ at, isName: isMissing, message: says }];
  }
  if (issue.code === 'invalid_value')
    return [
      {
        at,
        isName: false,
        message: `has another value, ${meant(String(valueAt(value, at)), issue.values.map(String))}`,
      },
    ];
  return [{ at, isName: false, message: issue.message.replace(/^Invalid input: /, '') }];
}

function meant(written: string, known: readonly string[]): string {
  const nearest = nearestKey(written, known);
  if (nearest !== undefined) return `did you mean ${nearest}?`;
  return known.length === 0 ? 'remove it' : `write one of ${known.join(', ')}`;
}

function kindText(expected: string): string {
  const article = /^[aeiou]/.test(expected) ? 'an' : 'a';
  return (
    { record: 'a map', object: 'a map', array: 'a list', string: 'a text', int: 'a whole number' }[expected] ??
    `${article} ${expected}`
  );
}

function valueAt(value: unknown, path: DocumentPath): unknown {
  return path.reduce<unknown>(
    (here, step) => (typeof here === 'object' && here !== null ? Reflect.get(here, step) : undefined),
    value,
  );
}

/** Returns the members that a map at a path may have, in any of its forms. */
function knownKeys(schema: Schema, path: DocumentPath): readonly string[] {
  const found = path.reduce<readonly Schema[]>(
    (forms, step) => forms.flatMap((form) => below(form, step)),
    formsOf(schema),
  );
  return [...new Set(found.flatMap((form) => Object.keys(defOf(form).shape ?? {})))];
}

/** The parts of zod's definitions that hold other schemas. */
interface Def {
  readonly type: string;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly valueType?: Schema;
  readonly element?: Schema;
  readonly options?: readonly Schema[];
  readonly innerType?: Schema;
  readonly in?: Schema;
}

function defOf(schema: Schema): Def {
  return schema._zod.def as unknown as Def;
}

/** Returns the forms of a schema: itself, or the options of a union. */
function formsOf(schema: Schema): readonly Schema[] {
  const { options, innerType, in: input } = defOf(schema);
  if (options !== undefined) return options.flatMap(formsOf);
  const inner = innerType ?? input;
  return inner === undefined ? [schema] : formsOf(inner);
}

function below(form: Schema, step: string | number): readonly Schema[] {
  const { shape, valueType, element } = defOf(form);
  const inner = shape?.[step] ?? valueType ?? element;
  return inner === undefined ? [] : formsOf(inner);
}
