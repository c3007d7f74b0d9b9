import {
  RegisterFailure,
  type Adapter,
  type CallGroup,
  type CodeFinding,
  type FetchSelection,
  type GroupAnswer,
  type PreparedFetch,
  type RegisterAnswer,
  type RegisterCall,
} from '../port.js';
import { carriesCallId } from '../call-id.js';
import { runParts } from '../run-parts.js';
import { bareObject } from '../../schemas/objects.js';
import { BeyondFinder } from '../mapping/unread.js';
import type { Drift } from '../drift.js';
import { recordOf, rootValueOf, type Found, type Notes } from './answer.js';
import { arrayTypes, CATALOGUE_STATEMENT, catalogueValues, driftOf } from './catalogue.js';
import { isComplete, keyText, type Key } from './key.js';
import { mappedColumns } from './mapped-columns.js';
import { prepareRoots, type AskedKeys, type PreparedRoot } from './prepare/prepare-roots.js';
import { prepareType } from './prepare/prepare-type.js';
import type { PreparedType, TablePart, TableStatement } from './prepare/prepared-type.js';
import { canonicalKey, rowsByOwner, type RowsByOwner } from './rows-by-owner.js';
import type { SqlSource } from './source.js';
import type { SqlReader } from './reader/sql-reader.js';

export interface SqlAdapterOptions {
  readonly register: string;
  readonly source: SqlSource;
  readonly reader: SqlReader;
}

interface PreparedRoots extends PreparedFetch {
  readonly kind: 'root';
  readonly roots: readonly PreparedRoot[];
}

interface PreparedEntities extends PreparedFetch {
  readonly kind: 'entities';
  /** By name. */
  readonly types: ReadonlyMap<string, PreparedType>;
}

type PreparedSql = PreparedRoots | PreparedEntities;

/**
 * Returns the adapter of a SQL register. A record is the row of a table or view with the key; fields in other tables
 * are lists, or objects, of their rows with the key. There is one statement for each table and set of columns, for all
 * groups that select it. Different statements run at once; if one fails, the others are cancelled.
 */
export function createSqlAdapter(options: SqlAdapterOptions): Adapter {
  return {
    register: options.register,
    prepare: (selection) => prepare(selection, options),
    read: (call) => read(call, options),
    findDrift: (deadline) => findDrift(deadline, options),
    close: () => options.reader.close(),
  };
}

/** Compares the tables and columns of the mapping with the catalogue of the database, and learns the types of its arrays. */
async function findDrift(deadline: number, { source, reader }: SqlAdapterOptions): Promise<readonly Drift[]> {
  const columns = mappedColumns(source);
  const rows = await reader.query(CATALOGUE_STATEMENT, catalogueValues(columns), {
    deadline,
    isTyped: true,
    onSend: () => undefined,
  });
  reader.learnArrays(arrayTypes(rows));
  return driftOf(columns, rows);
}

function prepare({ kind, fields }: FetchSelection, { register, source }: SqlAdapterOptions): PreparedSql {
  if (kind === 'root') return { register, kind, roots: prepareRoots(register, source, fields) };
  const names = [...new Set(fields.map(({ parentType }) => parentType))];
  const types = names.map((type) => {
    const selected = fields.filter(({ parentType }) => parentType === type);
    return [type, prepareType(register, source, type, selected)] as const;
  });
  return { register, kind, types: new Map(types) };
}

async function read(call: RegisterCall, options: SqlAdapterOptions): Promise<RegisterAnswer> {
  const { register } = options;
  const asked = [...statementsOf(call.groups, register)].filter(([, { keys }]) => keys.size > 0);
  const rows = await runParts(
    call,
    asked.map(
      ([text, one]) =>
        async (part: RegisterCall) =>
          [text, await readRows(one, part, options)] as const,
    ),
  );
  const found: Found = { register, rows: new Map(rows) };
  return { groups: call.groups.map((group) => answerOf(group, found)) };
}

/** A statement and the keys that it is sent with, by their canonical texts. */
interface Asked {
  readonly statement: TableStatement;
  readonly keys: Map<string, Key>;
}

/** Returns the statements of all groups, by their texts, each with the keys of the groups that select it. */
function statementsOf(groups: readonly CallGroup[], register: string): ReadonlyMap<string, Asked> {
  const asked = new Map<string, Asked>();
  const add = ({ statement }: TablePart, key: Key): void => {
    let one = asked.get(statement.text);
    if (one === undefined) asked.set(statement.text, (one = { statement, keys: new Map() }));
    const canonical = canonicalKey(statement.keys, key);
    if (canonical !== undefined && !one.keys.has(canonical)) one.keys.set(canonical, key);
  };
  for (const group of groups) addWishes(group, register, add);
  return asked;
}

async function readRows(
  { statement, keys: asked }: Asked,
  { calls, deadline, signal }: RegisterCall,
  { register, source, reader }: SqlAdapterOptions,
): Promise<RowsByOwner> {
  const carriesId = carriesCallId(source);
  const keys = [...asked.values()];
  const message = calls.next({ carriesId, keys: keys.map((key) => key.join(' ')) });
  const lists = statement.keys.map((_, place) => keys.map((key) => key[place]));
  const rows = await reader.query(statement.text, carriesId ? [...lists, message.id] : lists, {
    deadline,
    signal,
    isTyped: statement.isTyped,
    onSend: () => message.recordSent(),
  });
  message.recordAnswered();
  if (rows.length > source.max_rows) throw new RegisterFailure(register, 'row_limit');
  const owned = rowsByOwner(rows, asked.keys(), statement.keys);
  if (owned === undefined) throw new RegisterFailure(register, 'other_subject');
  return owned;
}

/** Adds what a group asks, key by key. */
function addWishes(
  { prepared, keys = [], variables }: CallGroup,
  register: string,
  add: (part: TablePart, key: Key) => void,
): void {
  const fetch = prepared as PreparedSql;
  if (fetch.kind === 'root') {
    for (const root of fetch.roots) for (const key of askedOf(root, variables, register).keys) add(root.part, key);
    return;
  }
  for (const representation of keys) {
    const { type, key } = entityOf(representation, fetch, register);
    if (type.record !== undefined) add(type.record, key);
    for (const part of type.fields) add(part, key);
  }
}

function askedOf(root: PreparedRoot, variables: CallGroup['variables'], register: string): AskedKeys {
  const asked = root.askedFrom(variables);
  if (asked === undefined) throw new RegisterFailure(register, 'key_type');
  return asked;
}

function entityOf(
  representation: Readonly<Record<string, unknown>>,
  { types }: PreparedEntities,
  register: string,
): { readonly type: PreparedType; readonly key: Key } {
  const type = types.get(String(representation['__typename']));
  if (type === undefined) throw new RegisterFailure(register, 'key_missing');
  const key = type.keyNames.map((name) => keyText(representation[name], type.takesNumbers));
  if (!isComplete(key)) throw new RegisterFailure(register, 'key_type');
  return { type, key };
}

function answerOf({ prepared, variables, keys = [] }: CallGroup, found: Found): GroupAnswer {
  const fetch = prepared as PreparedSql;
  const errors: GroupAnswer['errors'][number][] = [];
  const findings: CodeFinding[] = [];
  const converted = new Set<string>();
  const beyond = new BeyondFinder();
  const notes = (place: number): Notes => ({
    onFault: (path, reason) => errors.push({ path: [place, ...path], reason }),
    onFinding: (path, field) => findings.push({ path: [place, ...path], field }),
    converted,
    beyond,
  });
  const records =
    fetch.kind === 'root'
      ? [rootsOf(fetch, variables, found, notes(0))]
      : keys.map((representation, place) => {
          const { type, key } = entityOf(representation, fetch, found.register);
          return recordOf(type, key, found, notes(place));
        });
  return {
    records,
    errors,
    ...(findings.length === 0 ? {} : { findings }),
    ...(converted.size === 0 ? {} : { converted: [...converted] }),
    ...(beyond.found === undefined ? {} : { beyond: beyond.found }),
  };
}

function rootsOf(
  { roots }: PreparedRoots,
  variables: CallGroup['variables'],
  found: Found,
  notes: Notes,
): Record<string, unknown> {
  const record = bareObject();
  for (const root of roots)
    record[root.responseKey] = rootValueOf(root, askedOf(root, variables, found.register), found, notes);
  return record;
}
