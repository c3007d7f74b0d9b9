import {
  RegisterFailure,
  type Adapter,
  type CallGroup,
  type FetchSelection,
  type GroupAnswer,
  type PreparedFetch,
  type RegisterCall,
  type SelectedField,
} from '../port.js';
import { carriesCallId } from '../call-id.js';
import type { ResponsePath } from '../mapping/compile-record.js';
import { runParts } from '../run-parts.js';
import type { SqlSource } from './source.js';
import { rowsByOwner } from './rows-by-owner.js';
import type { Row, SqlReader } from './sql-reader.js';
import { compileStatement, type ListStatement } from './statement.js';
import { bareObject } from '../../schemas/objects.js';

export interface SqlAdapterOptions {
  readonly register: string;
  readonly source: SqlSource;
  readonly reader: SqlReader;
}

interface PreparedSql extends PreparedFetch {
  readonly lists: readonly { readonly field: SelectedField; readonly statement: ListStatement }[];
  /** Response keys for the entity's own key. */
  readonly keys: readonly string[];
  readonly typenames: readonly string[];
}

/**
 * Returns the adapter of a SQL register. An entity is its number; its fields are lists of rights. The register has no
 * table of persons, so that a person without rights has empty lists. There is one statement for each list and set of
 * columns, for all groups that select it. Different statements run at once; if one fails, the
 * others are cancelled.
 */
export function createSqlAdapter(options: SqlAdapterOptions): Adapter {
  return {
    register: options.register,
    prepare: (selection) => prepare(selection, options),
    read: async (call) => ({ groups: await readGroups(call, options), receivedBeyondGrant: false }),
    close: () => options.reader.close(),
  };
}

function prepare({ kind, fields }: FetchSelection, { register, source }: SqlAdapterOptions): PreparedSql {
  if (kind === 'root') throw new Error(`source.yaml of ${register} has no root fields`);
  const named = (name: string): readonly string[] =>
    fields.filter((field) => field.name === name).map(({ responseKey }) => responseKey);
  const lists = fields
    .filter(({ name }) => name !== '__typename' && name !== source.entity.key)
    .map((field) => ({ field, statement: compileStatement(source, field) }));
  return { register, lists, keys: named(source.entity.key), typenames: named('__typename') } satisfies PreparedSql;
}

async function readGroups(call: RegisterCall, options: SqlAdapterOptions): Promise<readonly GroupAnswer[]> {
  const wanted = new Map<string, Set<string>>();
  for (const group of call.groups) {
    for (const { statement } of (group.prepared as PreparedSql).lists) {
      const keys = wanted.get(statement.text) ?? new Set<string>();
      wanted.set(statement.text, keys);
      for (const key of keysOf(group, options)) keys.add(key);
    }
  }
  const rows = new Map(
    await runParts(
      call,
      [...wanted].map(
        ([text, keys]) =>
          async (part: RegisterCall) =>
            [text, await readRows(text, [...keys], part, options)] as const,
      ),
    ),
  );
  return call.groups.map((group) => {
    const errors: GroupAnswer['errors'][number][] = [];
    const records = keysOf(group, options).map((key, place) =>
      recordOf(group.prepared as PreparedSql, {
        key,
        rows,
        source: options.source,
        onMalformed: (path) => errors.push({ path: [place, ...path], reason: 'text_invalid' }),
      }),
    );
    return { records, errors };
  });
}

async function readRows(
  text: string,
  keys: readonly string[],
  { calls, deadline, signal }: RegisterCall,
  { register, source, reader }: SqlAdapterOptions,
): Promise<ReadonlyMap<string, readonly Row[]>> {
  const carriesId = carriesCallId(source);
  const message = calls.next({ carriesId, keys });
  const values = carriesId ? [keys, message.id] : [keys];
  const rows = await reader.query(text, values, { deadline, signal, onSend: () => message.recordSent() });
  if (rows.length > source.max_rows) throw new RegisterFailure(register, 'row_limit');
  const owned = rowsByOwner(rows, keys);
  if (owned === undefined) throw new RegisterFailure(register, 'other_subject');
  return owned;
}

function keysOf({ keys = [] }: CallGroup, { register, source }: SqlAdapterOptions): readonly string[] {
  return keys.map((representation) => {
    const key = representation[source.entity.key];
    if (representation['__typename'] !== source.entity.type || typeof key !== 'string')
      throw new RegisterFailure(register, 'key_type');
    return key;
  });
}

interface RecordToMake {
  readonly key: string;
  /** By statement, then by owner. */
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, readonly Row[]>>;
  readonly source: SqlSource;
  readonly onMalformed: (path: ResponsePath) => void;
}

function recordOf(
  { lists, keys, typenames }: PreparedSql,
  { key, rows, source, onMalformed }: RecordToMake,
): Record<string, unknown> {
  const record = bareObject();
  for (const name of typenames) record[name] = source.entity.type;
  for (const name of keys) record[name] = key;
  for (const { field, statement } of lists) {
    const { responseKey } = field;
    record[responseKey] = (rows.get(statement.text)?.get(key) ?? []).map((row, place) =>
      rightOf(row, field, statement, (path) => onMalformed([responseKey, place, ...path])),
    );
  }
  return record;
}

function rightOf(
  row: Row,
  field: SelectedField,
  { columns }: ListStatement,
  onMalformed: RecordToMake['onMalformed'],
): Record<string, unknown> {
  const right = bareObject();
  for (const { name, responseKey } of field.fields) if (name === '__typename') right[responseKey] = field.type;
  for (const { key, name, read } of columns) {
    const legible = isLegible(row[name]);
    right[key] = legible ? read(row[name]) : null;
    if (!legible) onMalformed([key]);
  }
  return right;
}

/**
 * A database without an encoding (SQL_ASCII) sends any bytes. The driver replaces those that are no UTF-8 by U+FFFD.
 */
function isLegible(value: unknown): boolean {
  return typeof value !== 'string' || !value.includes('\ufffd');
}
