import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readBoundedYaml, YamlFault, type DocumentPath, type YamlDocument } from '../../schemas/bounded-yaml.js';
import { nearestKey } from '../../schemas/nearest-key.js';
import { canonicalBytes } from '../audit/canonical.js';
import { ruleSchema, type Rule, type RuleCase } from './rule.js';
import { DetectionRuleInvalid } from './rule-invalid.js';

/** A rule with its cases, and where in its file each of these begins. */
export interface ParsedRule {
  readonly rule: Rule;
  readonly cases: readonly (RuleCase & { readonly line: number })[];
}

/** Reads the text of a rule. Throws {@link DetectionRuleInvalid} with file, line and key of the first fault. */
export function parseRule(file: string, text: string): ParsedRule {
  const document = readYaml(file, text);
  const parsed = ruleSchema.safeParse(document.value);
  if (!parsed.success) throw faultOf(file, document, parsed.error);
  const { rule: name, cases, ...rest } = parsed.data;
  const hash = createHash('sha256')
    .update(canonicalBytes({ name, ...rest }))
    .digest('hex');
  return {
    rule: { ...rest, name, hash },
    cases: cases.map((one, nth) => ({ ...one, line: document.placeOf(['cases', nth]).line })),
  };
}

function readYaml(file: string, text: string): YamlDocument {
  try {
    return readBoundedYaml(text);
  } catch (error) {
    if (!(error instanceof YamlFault)) throw error;
    throw new DetectionRuleInvalid({ file, line: error.place.line }, error.message, { cause: error });
  }
}

function faultOf(file: string, document: YamlDocument, error: z.ZodError): DetectionRuleInvalid {
  // A misspelt key is missing as well.
  const issue = error.issues.find(({ code }) => code === 'unrecognized_keys') ?? error.issues[0];
  if (issue === undefined) return new DetectionRuleInvalid({ file }, 'is of another shape');
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const known = keysAt(ruleSchema, path);
    const nearest = nearestKey(key, known);
    return at(file, document, [...path, key], {
      part: 'name',
      problem: `unknown key; ${nearest === undefined ? `known here: ${known.join(', ')}` : `did you mean "${nearest}"?`}`,
    });
  }
  const isMissing = valueAt(document.value, path) === undefined;
  return at(file, document, path, { part: 'value', problem: isMissing ? missing(issue) : problemOf(issue, document) });
}

function at(
  file: string,
  document: YamlDocument,
  path: DocumentPath,
  { part, problem }: { readonly part: 'name' | 'value'; readonly problem: string },
): DetectionRuleInvalid {
  return new DetectionRuleInvalid({ file, line: document.placeOf(path, part).line, key: path.join('.') }, problem);
}

/** A rule between keys says itself what is missing. */
function missing(issue: z.core.$ZodIssue): string {
  return issue.code === 'custom' ? issue.message : 'is missing';
}

function problemOf(issue: z.core.$ZodIssue, { value }: YamlDocument): string {
  if (issue.code !== 'invalid_value') return issue.message;
  const known = issue.values.map(String);
  const written = valueAt(value, issue.path);
  const nearest = typeof written === 'string' ? nearestKey(written, known) : undefined;
  return `must be one of ${known.join(', ')}${nearest === undefined ? '' : `; did you mean "${nearest}"?`}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (here, step) => (typeof here === 'object' && here !== null ? Reflect.get(here, step) : undefined),
    value,
  );
}

/** Returns the keys that the schema has at a path. */
function keysAt(schema: z.ZodType, path: DocumentPath): readonly string[] {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodArray) return keysAt(inner.element as z.ZodType, path.slice(1));
  if (!(inner instanceof z.ZodObject)) return [];
  const [step, ...rest] = path;
  if (step === undefined) return Object.keys(inner.shape);
  const member: unknown = inner.shape[String(step)];
  return member instanceof z.ZodType ? keysAt(member, rest) : [];
}

function unwrapped(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable
    ? unwrapped(schema.unwrap() as z.ZodType)
    : schema;
}
