import type { StoredBody } from '../entries.js';

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
}

/** How one column is made from a body. */
interface EntryColumn {
  /** Its name in `audit_entry`. */
  readonly column: string;
  readonly of: (body: Loose) => unknown;
  /** The first version whose rows have a value in it. Earlier rows may hold null. */
  readonly since?: number;
}

/** A body whose members may be missing or of another type, because someone changed the bytes. */
type Loose = Readonly<Record<string, unknown>>;

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
};

/** Returns the columns that belong to a body of any version. Members that are missing are null. */
export function columnsOf(body: StoredBody): EntryColumns {
  const loose = body as unknown as Loose;
  return Object.fromEntries(
    Object.entries(ENTRY_COLUMNS).map(([name, { of }]) => [name, of(loose) ?? null]),
  ) as unknown as EntryColumns;
}

/** Counted refusals state the caller, if it is known, at their top. */
function callerOf(body: Loose): Loose {
  return body['kind'] === 'refusals' ? body : membersOf(body['caller']);
}

function outcomeOf({ kind, outcome, act }: Loose): unknown {
  if (kind === 'completion') return outcome;
  return kind === 'act' || kind === 'state' ? act : null;
}

function membersOf(value: unknown): Loose {
  return typeof value === 'object' && value !== null ? (value as Loose) : {};
}
