import { judgeCommand, judgeReading, type ReadingJudgement } from '../effect/judge-reading.js';
import { kindNamesOf } from './kinds.js';
import type { ApiOperation } from './operations.js';

/**
 * Judges by its method, names and description whether an operation may be connected. GET only reads (RFC 9110, section
 * 9.2.1), and a POST may be a question that does not fit an address. `reading`: those of which the steward says that they
 * only read.
 */
export function judgementOf(operation: ApiOperation, reading: ReadonlySet<string>): ReadingJudgement {
  const { method, name, aliases, path, summary, responses } = operation;
  if (method === 'PUT' || method === 'PATCH' || method === 'DELETE')
    return { refused: `${method} changes data: Tereze only reads` };
  if (method !== 'GET' && method !== 'POST') return { refused: `${method} returns no record` };
  if ([name, ...aliases].some((one) => reading.has(one))) return {};
  // Without an operationId its name is its method and path.
  const names = aliases.includes(name) ? [] : [name];
  const option = /\s/.test(name) ? `"${name}"` : name;
  if (method === 'GET') return names.map((one) => judgeCommand(one, option))[0] ?? {};
  const isCreating =
    responses.some(({ status }) => status === '201') && !responses.some(({ status }) => status === '200');
  if (isCreating)
    return { refused: `it changes data: it answers 201 Created. If it only reads, say so with --reads ${option}` };
  const segment = path.split('/').findLast((one) => one !== '' && !one.startsWith('{'));
  return judgeReading({
    names: [...names, ...(segment === undefined ? [] : [segment]), ...kindNamesOf(operation)],
    description: summary,
    option,
  });
}
