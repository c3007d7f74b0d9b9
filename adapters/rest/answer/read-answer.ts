import { Numeral } from '../../../schemas/numeral.js';
import { isObject } from '../../../schemas/objects.js';
import type { JsonReply } from '../../http/post-json.js';
import type { StatusMeaning } from '../../http/read-reply.js';
import { pointer } from '../../json-pointer.js';
import { stepsOf, type Path } from '../../mapping/path.js';
import { RegisterDeclined, RegisterFailure } from '../../port.js';
import type { OperationSource } from '../operation-source.js';
import { valueAt, walk, type Walked } from './walk.js';

type Record_ = Readonly<Record<string, unknown>>;

/** Reads the replies to one operation. */
export interface AnswerReader {
  /** Which statuses are answers, and whether their body is. */
  readonly meaningOf: StatusMeaning;
  /** Returns the record, or null if the register says that it has none. Throws {@link RegisterFailure} for anything else. */
  record(reply: JsonReply): Record_ | null;
  /** Returns what `items` leads to, which is not checked yet; null if the register says that it has none. */
  items(reply: JsonReply): unknown;
}

/**
 * Compiles what an answer of an operation looks like. Only what the mapping says means that the register has no record:
 * any other status or body is a failure with its reason, so that a wrong address does not read as "no one".
 */
export function compileAnswer({ answer, batch }: OperationSource, register: string): AnswerReader {
  const { not_found: notFound } = answer;
  const statuses = new Set(notFound?.status ?? []);
  const bodies = new Set(notFound?.body ?? []);
  const content = notFound?.content;
  const isAbsentCode = compileCode(notFound?.code);
  // Without a status, or with 200 among them, the code is looked for in ordinary answers.
  const looksForCode = notFound?.code !== undefined && (notFound.status === undefined || statuses.has(200));
  // Only a batch whose items say how each of them went is an answer of several statuses.
  const isMultiStatus = batch !== undefined && batch.answer !== 'none' && saysPerItem(batch);
  const itemsAt = answer.items === undefined ? undefined : stepsOf(answer.items);
  const recordAt = answer.record === undefined ? [] : stepsOf(answer.record);
  const isOneOrMany = answer.one_or_many === true;

  const absentByReply = ({ status, body }: JsonReply): boolean => {
    if (status !== 200 && status !== 207) {
      const isContent = content === undefined || (body === undefined) === (content === 'empty');
      if (isContent && (notFound?.code === undefined || isAbsentCode(body))) return true;
      throw new RegisterDeclined(register, 'status_unexpected');
    }
    if (statuses.has(status) && notFound?.code === undefined) return true;
    if (looksForCode && isAbsentCode(body)) return true;
    if (body !== undefined) return false;
    if (bodies.has('empty')) return true;
    throw new RegisterFailure(register, 'json_invalid');
  };
  const absentByWalk = (walked: Exclude<Walked, { readonly kind: 'value' }>, path: Path): null => {
    if (walked.kind !== 'missing' && bodies.has(walked.kind)) return null;
    throw new RegisterFailure(register, 'envelope_missing', {
      at: pointer(walked.kind === 'missing' ? walked.at : path),
    });
  };
  return {
    meaningOf: (status) => {
      if (status === 200 || (status === 207 && isMultiStatus)) return 'text';
      if (!statuses.has(status)) return undefined;
      return notFound?.code === undefined && content === undefined ? 'status' : 'text';
    },
    record: (reply) => {
      if (absentByReply(reply)) return null;
      const walked = walk(reply.body, recordAt);
      if (walked.kind !== 'value') return absentByWalk(walked, recordAt);
      const { value } = walked;
      if (isObject(value)) return value;
      if (isOneOrMany && Array.isArray(value) && value.length === 1 && isObject(value[0])) return value[0];
      if (Array.isArray(value) && value.length === 0 && bodies.has('empty_list')) return null;
      throw new RegisterFailure(register, 'envelope_missing', { at: pointer(recordAt) });
    },
    items: (reply) => {
      if (itemsAt === undefined) throw new TypeError(`an operation of ${register} has no items`);
      if (absentByReply(reply)) return null;
      const walked = walk(reply.body, itemsAt);
      if (walked.kind === 'value') {
        const isEmpty = Array.isArray(walked.value) && walked.value.length === 0;
        return isEmpty && bodies.has('empty_list') ? null : walked.value;
      }
      if (isOneOrMany && (walked.kind === 'null' || isLastStep(walked, itemsAt))) return [];
      return absentByWalk(walked, itemsAt);
    },
  };
}

function isLastStep(walked: Walked, path: Path): boolean {
  return walked.kind === 'missing' && walked.at.length === path.length;
}

function saysPerItem(batch: NonNullable<OperationSource['batch']>): boolean {
  if (batch.answer === 'none') return false;
  return batch.item_error !== undefined || (typeof batch.absent === 'object' && batch.absent !== null);
}

type CodeSource = { readonly at: string | readonly (string | number)[]; readonly is?: readonly unknown[] | undefined };

/** Returns whether what is at the path is one of the codes; without codes, whether there is anything. */
export function compileCode(code: CodeSource | undefined): (answer: unknown) => boolean {
  if (code === undefined) return () => false;
  const path = typeof code.at === 'string' ? [code.at] : code.at;
  const codes = code.is === undefined ? undefined : new Set(code.is);
  return (answer) => {
    const value = valueAt(answer, path);
    if (value === undefined) return false;
    return codes === undefined || codes.has(value instanceof Numeral ? value.exactNumber() : value);
  };
}
