import type { CodeFinding, GroupAnswer } from '../../../adapters/port.js';
import { isObject } from '../../../schemas/objects.js';
import type { SentValues } from './sent-values.js';

/**
 * Notes the codes that a mapping declares to be null, so that each is a finding of its record and no error. `position`:
 * which record of the answer this is.
 */
export function noteCodeFindings(
  record: unknown,
  position: number,
  { findings = [] }: Pick<GroupAnswer, 'findings'>,
  { register, sent }: { readonly register: string; readonly sent: SentValues },
): void {
  for (const finding of findings) if (finding.path[0] === position) noteFinding(record, finding, register, sent);
}

function noteFinding(record: unknown, { path, field }: CodeFinding, register: string, sent: SentValues): void {
  const keys = path.findLastIndex((step) => typeof step === 'string');
  const responseKey = path[keys];
  const holder = path.slice(1, keys).reduce<unknown>(memberAt, record);
  if (!isObject(holder) || typeof responseKey !== 'string') return;
  sent.noteWrong(holder, { name: field.name, responseKey, rule: `${register}.${field.type}.${field.name}#code` });
}

function memberAt(value: unknown, step: string | number): unknown {
  if (Array.isArray(value)) return value[Number(step)];
  return isObject(value) ? value[String(step)] : undefined;
}
