import { canonicalBytes, leafHash } from './canonical.js';
import type { EntryBody, EntryDraft } from './entries.js';

/** An entry ready to be written: its bytes, their hash, and the columns beside them. */
export interface PreparedEntry {
  readonly bytes: Buffer;
  readonly leaf: Buffer;
  readonly columns: EntryColumns;
  readonly answerSalt: Buffer | null;
  readonly subjects: readonly PreparedSubject[];
}

export interface PreparedSubject {
  readonly token: string;
  readonly salt: Buffer;
}

/** Columns for search. Every value in them is also in the bytes. */
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

/**
 * Greatest length of an entry: a bundle of entries states the length of each in two bytes (C2SP tlog-tiles). A longer
 * entry is a fault of the gateway, not of a caller.
 */
export const MAX_ENTRY_BYTES = 65_535;

/** Canonicalises and hashes a draft. Throws `RangeError` if the entry is longer than `MAX_ENTRY_BYTES`, or if salts and tokens do not belong to its subjects. */
export function prepareEntry({ body, beside }: EntryDraft): PreparedEntry {
  const bytes = canonicalBytes(body);
  if (bytes.length > MAX_ENTRY_BYTES) throw new RangeError(`an audit entry of ${bytes.length} bytes`);
  return {
    bytes,
    leaf: leafHash(bytes),
    columns: columnsOf(body),
    answerSalt: beside.answerSalt === undefined ? null : Buffer.from(beside.answerSalt, 'hex'),
    subjects: subjectsOf(body, beside),
  };
}

/** A salt without its subject cannot be found again, so each subject has its own salt or none has one. */
function subjectsOf(
  body: EntryBody,
  { subjectTokens: tokens = [], subjectSalts: salts = [] }: EntryDraft['beside'],
): readonly PreparedSubject[] {
  const subjects = 'subjects' in body ? body.subjects.length : 0;
  if (tokens.length !== salts.length || (tokens.length > 0 && tokens.length !== subjects)) {
    throw new RangeError(`${subjects} subjects with ${tokens.length} tokens and ${salts.length} salts`);
  }
  return tokens.map((token, position) => ({ token, salt: Buffer.from(salts[position] ?? '', 'hex') }));
}

function columnsOf(body: EntryBody): EntryColumns {
  const common = { requestId: body.requestId, kind: body.kind, at: body.at, schemaVersion: body.schemaVersion };
  const question =
    'purpose' in body
      ? questionColumns(body)
      : { purpose: null, caseNumber: null, documentName: null, documentHash: null, operation: null };
  return {
    ...common,
    ...callerColumns(body),
    ...question,
    outcome: outcomeOf(body),
    code: 'code' in body ? body.code : null,
  };
}

function callerColumns(body: EntryBody): Pick<EntryColumns, 'agency' | 'system'> {
  if ('caller' in body) return { agency: body.caller.agency, system: body.caller.system };
  return body.kind === 'refusals'
    ? { agency: body.agency ?? null, system: body.system ?? null }
    : { agency: null, system: null };
}

type AskedBody = Extract<EntryBody, { purpose: string | null }>;

function questionColumns(
  body: AskedBody,
): Pick<EntryColumns, 'purpose' | 'caseNumber' | 'documentName' | 'documentHash' | 'operation'> {
  const { purpose, documentName, documentHash, operationName: operation } = body;
  return { purpose, caseNumber: body.case?.number ?? null, documentName, documentHash, operation };
}

function outcomeOf(body: EntryBody): string | null {
  if (body.kind === 'completion') return body.outcome;
  return body.kind === 'act' || body.kind === 'state' ? body.act : null;
}
