import type { StoredBody } from '../entries.js';
import { listOf, membersOf, type Loose } from '../loose-body.js';

/** Columns for search, by the names that they have in an append. Every value in them is also in the bytes. */
export interface EntryColumns {
  readonly requestId: string;
  readonly kind: string;
  readonly at: string;
  readonly schemaVersion: number;
  readonly agency: string | null;
  readonly system: string | null;
  readonly purpose: string | null;
  readonly caseNumber: string | null;
  readonly documentName: string | null;
  readonly documentHash: string | null;
  readonly operation: string | null;
  readonly outcome: string | null;
  readonly code: string | null;
  /** The officer who is signed in, or who is behind a system or AI service. */
  readonly officer: string | null;
  /** `<id>@<version>` of the model of an AI service. */
  readonly model: string | null;
  /** Every register that was called or that the plan would call, in order. */
  readonly registers: readonly string[];
  /** Every category that was read, asked for, disclosed, withheld or refused, in order. */
  readonly categories: readonly string[];
}

/** How one column is made from a body. */
interface EntryColumn {
  /** Its name in `audit_entry`. */
  readonly column: string;
  readonly of: (body: Loose) => unknown;
  /** The first version whose rows have a value in it. Earlier rows may hold null. */
  readonly since?: number;
}

/** Every column. A new one is a line here, a migration that fills it for the entries that are there, and a value in the append. */
export const ENTRY_COLUMNS: Readonly<Record<keyof EntryColumns, EntryColumn>> = {
  requestId: { column: 'request_id', of: (body) => body['requestId'] },
  kind: { column: 'kind', of: (body) => body['kind'] },
  at: { column: 'at', of: (body) => body['at'] },
  schemaVersion: { column: 'schema_version', of: (body) => body['schemaVersion'] },
  agency: { column: 'agency', of: (body) => callerOf(body)['agency'] },
  system: { column: 'system', of: (body) => callerOf(body)['system'] },
  purpose: { column: 'purpose', of: (body) => body['purpose'] },
  caseNumber: { column: 'case_number', of: (body) => membersOf(body['case'])['number'] },
  documentName: { column: 'document_name', of: (body) => body['documentName'] },
  documentHash: { column: 'document_hash', of: (body) => body['documentHash'], since: 2 },
  operation: { column: 'operation', of: (body) => body['operationName'] },
  outcome: { column: 'outcome', of: outcomeOf },
  code: { column: 'code', of: (body) => body['code'] },
  officer: { column: 'officer', of: officerOf, since: 4 },
  model: { column: 'model', of: modelOf, since: 4 },
  registers: { column: 'registers', of: (body) => namesIn(body, REGISTER_LISTS, 'register'), since: 4 },
  categories: { column: 'categories', of: categoriesOf, since: 4 },
};

/** The names in {@link ENTRY_COLUMNS}. */
export const COLUMN_NAMES = Object.keys(ENTRY_COLUMNS) as readonly (keyof EntryColumns)[];

/** Returns an object with a value for each column. Every row that is written or read makes some: a loop costs least. */
export function forEachColumn<Value>(of: (name: keyof EntryColumns) => Value): Record<keyof EntryColumns, Value> {
  const values: Partial<Record<keyof EntryColumns, Value>> = {};
  for (const name of COLUMN_NAMES) values[name] = of(name);
  return values as Record<keyof EntryColumns, Value>;
}

/** Returns the columns that belong to a body of any version. Members that are missing are null. */
export function columnsOf(body: StoredBody): EntryColumns {
  const loose = body as unknown as Loose;
  return forEachColumn((name) => ENTRY_COLUMNS[name].of(loose) ?? null) as unknown as EntryColumns;
}

/** Counted refusals state the caller, if it is known, at their top. */
function callerOf(body: Loose): Loose {
  return body['kind'] === 'refusals' ? body : membersOf(body['caller']);
}

function outcomeOf({ kind, outcome, act }: Loose): unknown {
  return kind === 'completion' ? outcome : act;
}

function officerOf(body: Loose): unknown {
  const { officer, actor } = callerOf(body);
  return officer ?? actor;
}

function modelOf(body: Loose): unknown {
  const { id, version } = membersOf(callerOf(body)['model']);
  return typeof id === 'string' && typeof version === 'string' ? `${id}@${version}` : null;
}

const REGISTER_LISTS = ['reads', 'planned', 'registers'];
const CATEGORY_LISTS = ['reads', 'disclosed', 'withheld'];
/** What is withheld of all categories. */
const EVERY = '*';

function categoriesOf(body: Loose): readonly string[] {
  const refused = listOf(body['categories']).filter((one): one is string => typeof one === 'string');
  const named = namesIn(body, CATEGORY_LISTS, 'category').filter((name) => name !== EVERY);
  return [...new Set([...named, ...refused])].sort();
}

function namesIn(body: Loose, lists: readonly string[], member: string): readonly string[] {
  const names = new Set<string>();
  for (const list of lists)
    for (const one of listOf(body[list])) {
      const name = membersOf(one)[member];
      if (typeof name === 'string') names.add(name);
    }
  return [...names].sort();
}
