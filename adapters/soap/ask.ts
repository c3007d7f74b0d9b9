import { BeyondFinder } from '../mapping/unread.js';
import { RegisterFailure } from '../port.js';
import { runParts } from '../run-parts.js';
import { AnswerRefused } from './answer-refused.js';
import { exchange, type CallContext, type ExchangeOptions, type Question } from './exchange.js';
import type { PreparedApart, PreparedRecord, PreparedType } from './prepare.js';
import type { KeyFields } from './question-values.js';
import { refusal } from './soap-client.js';
import { identityOf, takeAll, takeMany, takeOne } from './take-records.js';

/** A record that is wanted by its key. */
export interface KeyWant {
  readonly type: PreparedType;
  readonly key: KeyFields;
}

/** What one root field, or one field that is asked apart of a record, wants. */
export interface ApartWant {
  readonly apart: PreparedApart;
  /** The key of the record that the field is of. Undefined for a root field. */
  readonly key: KeyFields | undefined;
  readonly args: Readonly<Record<string, unknown>>;
}

export type Want = KeyWant | ApartWant;
type RawRecord = Record<string, unknown>;

/** What answers a want: by whose selection it was read, and one record or, for a list, many. */
export interface Reply {
  readonly prepared: PreparedRecord;
  readonly found: RawRecord | undefined | readonly (RawRecord | null)[];
  /** What came beyond this selection in the message that holds the answer. */
  readonly beyond: BeyondFinder;
}

export interface Replies {
  of(want: Want): Reply;
}

/** One message, and what of its answer is wanted by which selection. */
interface Task extends Question {
  readonly wants: ReadonlyMap<Want, PreparedRecord>;
}

/**
 * Asks for all that is wanted in as few messages as the operations allow; if one fails, the others are cancelled. Keys are
 * asked once each. Rejects with `RegisterFailure`.
 */
export async function ask(wants: readonly Want[], context: CallContext, options: ExchangeOptions): Promise<Replies> {
  const replies = new Map<Want, Reply>();
  const tasks = [...keyTasks(wants.filter((want) => 'type' in want)), ...apartTasks(wants)];
  const run = async (task: Task, part: CallContext): Promise<void> => {
    const read = await answerOf(task, part, options).catch((error: unknown): never => {
      const { name, isNamed } = task.operation;
      throw error instanceof RegisterFailure && isNamed ? error.during(name) : error;
    });
    for (const [want, prepared] of task.wants) replies.set(want, { prepared, ...read(want, prepared) });
  };
  try {
    await runParts(
      context,
      lanesOf(tasks).map((lane) => async (part: CallContext) => {
        for (const task of lane) await run(task, part);
      }),
    );
  } finally {
    forgetMatchedText();
  }
  return {
    of: (want) => {
      const reply = replies.get(want);
      if (reply === undefined) throw new TypeError('nothing was asked for this');
      return reply;
    },
  };
}

/**
 * Lets go of the text that an expression matched last. V8 keeps it (`RegExp.$_`), and with it the whole message that it is
 * a part of, which holds more than was selected.
 */
function forgetMatchedText(): void {
  /^$/.test('');
}

/** Tasks in order, to be done one after the other. Lanes run at once: one for each message of a batch. */
function lanesOf(tasks: readonly Task[]): readonly (readonly Task[])[] {
  const lanes: Task[][] = [];
  const ofOperation = new Map<string, { readonly lanes: Task[][]; count: number }>();
  for (const task of tasks) {
    const { name, source } = task.operation;
    const own = ofOperation.get(name) ?? { lanes: [], count: 0 };
    ofOperation.set(name, own);
    const lane = source.batch === undefined ? own.lanes[own.count % source.parallel] : undefined;
    own.count += 1;
    if (lane !== undefined) lane.push(task);
    else {
      const made = [task];
      own.lanes.push(made);
      lanes.push(made);
    }
  }
  return lanes;
}

/** Wants that one message can answer, if it may hold enough keys. */
interface Partition {
  readonly one: PreparedRecord | undefined;
  readonly many: PreparedRecord | undefined;
  readonly byKey: Map<string, { readonly key: KeyFields; readonly wants: KeyWant[] }>;
}

function keyTasks(wants: readonly KeyWant[]): readonly Task[] {
  const partitions = new Map<unknown, Map<string, Partition>>();
  for (const want of wants) {
    const { one, many, key } = want.type;
    // Groups that read different fields are asked apart where the message says which.
    const own = [one, many].some((prepared) => prepared?.operation.asksSelection) ? want.type : undefined;
    const ofSelection = partitions.get(own) ?? new Map<string, Partition>();
    partitions.set(own, ofSelection);
    const name = JSON.stringify([one?.operation.name, many?.operation.name]);
    const partition = ofSelection.get(name) ?? { one, many, byKey: new Map() };
    ofSelection.set(name, partition);
    const identity = identityOf(key, want.key);
    const there = partition.byKey.get(identity) ?? { key: want.key, wants: [] };
    partition.byKey.set(identity, there);
    there.wants.push(want);
  }
  return [...partitions.values()].flatMap((ofSelection) => [...ofSelection.values()].flatMap(tasksOf));
}

function tasksOf({ one, many, byKey }: Partition): readonly Task[] {
  const asked = [...byKey.values()];
  const isAlone = many === undefined || (one !== undefined && asked.length === 1);
  const of = isAlone ? one : many;
  if (of === undefined) return [];
  const size = isAlone ? 1 : (of.operation.source.batch?.max ?? 1);
  return Array.from({ length: Math.ceil(asked.length / size) }, (_, chunk) => {
    const part = asked.slice(chunk * size, (chunk + 1) * size);
    return {
      operation: of.operation,
      keys: part.map(({ key }) => key),
      args: {},
      select: of.select,
      wants: new Map(
        part.flatMap(({ wants }) =>
          wants.flatMap((want) => {
            const prepared = isAlone ? want.type.one : want.type.many;
            return prepared === undefined ? [] : [[want, prepared] as const];
          }),
        ),
      ),
    };
  });
}

function apartTasks(wants: readonly Want[]): readonly Task[] {
  return wants.flatMap((want) =>
    'apart' in want
      ? [
          {
            operation: want.apart.operation,
            keys: want.key === undefined ? undefined : [want.key],
            args: renamed(want.args, want.apart.arguments),
            select: want.apart.select,
            wants: new Map([[want, want.apart]]),
          },
        ]
      : [],
  );
}

/** Adds the arguments by the names of their placeholders. */
function renamed(args: ApartWant['args'], names: Readonly<Record<string, string>>): ApartWant['args'] {
  return { ...args, ...Object.fromEntries(Object.entries(names).map(([name, argument]) => [name, args[argument]])) };
}

type TaskAnswer = (want: Want, prepared: PreparedRecord) => Omit<Reply, 'prepared'>;

async function answerOf(task: Task, context: CallContext, options: ExchangeOptions): Promise<TaskAnswer> {
  const { register } = options;
  const prepared = [...new Set(task.wants.values())];
  const answers = await exchange(
    task,
    prepared.map(({ answer }) => answer),
    context,
    options,
  );
  const read = new Map(
    answers.flatMap(({ outcome, beyond }, at) => {
      const of = prepared[at];
      if (of === undefined) return [];
      return [[of, { find: taken(register, () => finder(task, of, outcome, beyond)), beyond }]];
    }),
  );
  return (want, of) => ({ found: read.get(of)?.find(want), beyond: read.get(of)?.beyond ?? new BeyondFinder() });
}

/** Returns what a want finds in an answer that was read by its selection. */
function finder(
  { keys, operation }: Task,
  prepared: PreparedRecord,
  outcome: Parameters<typeof takeOne>[0],
  beyond: BeyondFinder,
): (want: Want) => Reply['found'] {
  if (operation.source.batch !== undefined && prepared.key.length > 0) {
    const { byKey, hasOthers } = takeMany(outcome, keys ?? [], prepared);
    if (hasOthers) beyond.note(undefined);
    return (want) => ('type' in want ? byKey.get(identityOf(prepared.key, want.key)) : undefined);
  }
  const isList = 'field' in prepared && (prepared as PreparedApart).field.list;
  const found = isList ? takeAll(outcome) : takeOne(outcome, prepared.key.length > 0 ? keys?.[0] : undefined, prepared);
  return () => found;
}

function taken<Result>(register: string, take: () => Result): Result {
  try {
    return take();
  } catch (error) {
    throw error instanceof AnswerRefused ? refusal(register, error) : new RegisterFailure(register, 'soap_unexpected');
  }
}
