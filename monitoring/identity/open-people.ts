import { createSecretKey } from 'node:crypto';
import type { SqlExecutor } from '../../schemas/ports/sql.js';
import { STORED_ENTRY, storedEntry, type EntryRow } from '../audit/stored-entry.js';
import { DataKeyNotOpened, openDataKey, type RecipientKey } from './data-key.js';
import { keyIdOf, NotOpened, openIdentity, type DataKey } from './sealed-identity.js';

/** A person of an entry. */
export interface PersonPlace {
  /** `tereze/0`, as the database names it. */
  readonly log: string;
  readonly index: number;
  /** Position in the `subjects` of the entry. */
  readonly position: number;
}

/**
 * Why a number cannot be said. `unknown`: there is no such person in the scope; `not_sealed`: the entry commits to no sealed
 * identity; `changed`: entry or row are not what was written, or the sealed identity was erased; `no_key`: the data key
 * is missing, was changed, or is sealed to other recipients.
 */
export type NoNumber = 'unknown' | 'not_sealed' | 'changed' | 'no_key';

/** A person, identified or not. */
export type IdentifiedPerson = PersonPlace & ({ readonly number: string } | { readonly missing: NoNumber });

export interface OpenPeopleOptions {
  readonly sql: SqlExecutor;
  readonly keys: readonly RecipientKey[];
  /** Only entries whose bytes name this agency as that of the caller; undefined: of all. */
  readonly onlyAgency: string | undefined;
}

/** Entries read in one statement. */
const PAGE = 200;

/**
 * Returns the numbers of people of entries, in the order of the places. A number is said only where the bytes of the entry
 * hash to their leaf and commit to what is opened. Each place has an answer.
 */
export async function openPeople(
  places: readonly PersonPlace[],
  options: OpenPeopleOptions,
): Promise<readonly IdentifiedPerson[]> {
  const dataKeys = new Map<string, Promise<DataKey | undefined>>();
  const people: IdentifiedPerson[] = [];
  for (let from = 0; from < places.length; from += PAGE) {
    const page = places.slice(from, from + PAGE);
    const rows = await rowsOf(options.sql, page);
    for (const place of page)
      people.push({ ...place, ...(await openPlace(place, rows.get(keyOf(place)), { options, dataKeys })) });
  }
  return people;
}

async function rowsOf(sql: SqlExecutor, places: readonly PersonPlace[]): Promise<ReadonlyMap<string, EntryRow>> {
  const { rows } = await sql.query<EntryRow>(
    `SELECT ${STORED_ENTRY} FROM audit_entry e
     WHERE (e.log_id, e.index) IN (SELECT log, index FROM unnest($1::text[], $2::bigint[]) AS place (log, index))`,
    [places.map(({ log }) => log), places.map(({ index }) => index)],
  );
  return new Map(rows.map((row) => [keyOf({ log: row.log_id, index: Number(row.index) }), row]));
}

const keyOf = ({ log, index }: Pick<PersonPlace, 'log' | 'index'>): string => `${log} ${index}`;

interface Opening {
  readonly options: OpenPeopleOptions;
  /** Data keys that were looked for, by id. */
  readonly dataKeys: Map<string, Promise<DataKey | undefined>>;
}

async function openPlace(
  { position }: PersonPlace,
  row: EntryRow | undefined,
  opening: Opening,
): Promise<{ readonly number: string } | { readonly missing: NoNumber }> {
  const found = sealedOf(position, row, opening.options);
  if (typeof found === 'string') return { missing: found };
  const key = await dataKeyOf(found.keyId, opening);
  if (key === undefined) return { missing: 'no_key' };
  try {
    return { number: openIdentity(found.sealed, key) };
  } catch (error) {
    if (error instanceof NotOpened) return { missing: 'no_key' };
    throw error;
  }
}

/** Returns the sealed identity to which the bytes of an entry commit. */
function sealedOf(
  position: number,
  row: EntryRow | undefined,
  { onlyAgency }: OpenPeopleOptions,
): NoNumber | { readonly sealed: Buffer; readonly keyId: Buffer } {
  if (row === undefined) return 'unknown';
  const { body, intact, differences } = storedEntry(row);
  if (onlyAgency !== undefined && !('caller' in body && body.caller.agency === onlyAgency)) return 'unknown';
  if (body.kind === 'unreadable' || !intact) return 'changed';
  const subject = 'subjects' in body ? body.subjects[position] : undefined;
  if (subject === undefined) return 'unknown';
  if (typeof subject === 'string' || subject.sealed === null) return 'not_sealed';
  if (differences.some((difference) => 'position' in difference && difference.position === position)) return 'changed';
  const hex = row.subjects?.find((one) => one.position === position)?.sealed ?? '';
  const sealed = Buffer.from(hex, 'hex');
  const keyId = keyIdOf(sealed);
  return keyId === undefined ? 'changed' : { sealed, keyId };
}

function dataKeyOf(id: Buffer, { options, dataKeys }: Opening): Promise<DataKey | undefined> {
  const name = id.toString('hex');
  let key = dataKeys.get(name);
  if (key === undefined) dataKeys.set(name, (key = findDataKey(id, options)));
  return key;
}

/** Tries the seals of a data key, the last one first. */
async function findDataKey(id: Buffer, { sql, keys }: OpenPeopleOptions): Promise<DataKey | undefined> {
  const { rows } = await sql.query<{ readonly sealed: string }>(
    'SELECT sealed FROM audit_data_key WHERE key_id = $1 ORDER BY sealing DESC',
    [id],
  );
  for (const { sealed } of rows) {
    try {
      const raw = await openDataKey(sealed, id, keys);
      const key = createSecretKey(raw);
      raw.fill(0);
      return { id, key };
    } catch (error) {
      if (!(error instanceof DataKeyNotOpened)) throw error;
    }
  }
  return undefined;
}
