import { wordsOf } from '../effect/effect-of-name.js';
import { judgeReading, type ReadingJudgement } from '../effect/judge-reading.js';
import type { WsdlOperation } from './operations.js';

/**
 * Judges an operation by its binding, its name and its documentation, because a WSDL does not say which operations only
 * read. `reading`: those of which the steward says so.
 */
export function judgementOf(
  { name, title, notes, refused }: WsdlOperation,
  reading: ReadonlySet<string>,
): ReadingJudgement {
  if (refused !== undefined) return { refused };
  if (wordsOf(name).some((word) => word === 'attachment' || word === 'attachments'))
    return { refused: 'its message has attachments, by its name, which are not read' };
  return reading.has(name) ? {} : judgeReading({ names: [name], description: notes ?? title, option: name });
}
