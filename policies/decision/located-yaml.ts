import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { PolicyFileInvalid } from './policy-file-invalid.js';

/**
 * Reads a YAML text in the shape of a zod schema.
 *
 * @throws {@link PolicyFileInvalid} with file and line of the first fault: YAML that does not parse,
 * a key given twice, an unknown key, a value of another shape.
 */
export function parseLocatedYaml<Schema extends z.ZodType>(
  file: string,
  text: string,
  schema: Schema,
): z.output<Schema> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const syntax = document.errors[0] ?? document.warnings[0];
  if (syntax !== undefined) {
    throw new PolicyFileInvalid({
      file,
      line: syntax.linePos?.[0].line,
      problem: `not YAML (${syntax.code})`,
      cause: syntax,
    });
  }
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new PolicyFileInvalid({
    file,
    line: issue === undefined ? undefined : lineOf(issue, document, lines),
    problem: issue === undefined ? 'of another shape' : problemOf(issue),
    cause: parsed.error,
  });
}

function problemOf(issue: z.core.$ZodIssue): string {
  const where = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  if (issue.code === 'unrecognized_keys')
    return `${where}unknown key ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
  return `${where}${issue.message}`;
}

function lineOf(issue: z.core.$ZodIssue, document: Document, lines: LineCounter): number | undefined {
  const offset = offsetOf(issue, document);
  return offset === undefined ? undefined : lines.linePos(offset).line;
}

function offsetOf(issue: z.core.$ZodIssue, document: Document): number | undefined {
  const node = nearestNode(document, issue.path);
  if (issue.code === 'unrecognized_keys' && isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && issue.keys.includes(String(key.value)));
    if (isNode(pair?.key)) return pair.key.range?.[0];
  }
  return isNode(node) ? node.range?.[0] : undefined;
}

/** The node at the path or, where a key is missing, the nearest node above it. */
function nearestNode(document: Document, path: readonly PropertyKey[]): unknown {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (node !== undefined) return node;
  }
  return document.contents;
}
