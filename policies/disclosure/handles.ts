import { createHash } from 'node:crypto';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Random } from '../../schemas/ports/random.js';
import type { Sql, SqlExecutor } from '../../schemas/ports/sql.js';
import { createSeal } from '../seal.js';
import { deriveKey } from '../secret.js';
import type { HandleQuestion, Handles } from './port.js';

export interface HandlesOptions {
  readonly sql: Sql;
  /** Secret of the installation, at least 32 bytes. */
  readonly secret: Buffer;
  readonly clock: Clock;
  readonly random: Random;
  readonly minutesToLive: number;
}

/** Handles, and what deletes those that have ended. */
export interface StoredHandles extends Handles {
  /** Deletes the handles that have ended and returns their number. A handle resolves to nothing from its end on, deleted or not. */
  purge(): Promise<number>;
}

const USE = 'tereze/person-handle/v1';
const HANDLE_BYTES = 32;
const HANDLE = /^ph_[A-Za-z0-9_-]{43}$/;
const MINUTE_MS = 60_000;

/**
 * Returns handles in PostgreSQL. A row holds the SHA-256 of the handle, and the person sealed under a key
 * derived from the secret of the installation and bound to that hash. So neither the table nor a copy
 * reveals the person, and a sealed person does not open in another row.
 */
export function createHandles(options: HandlesOptions): StoredHandles {
  const { sql, clock, random, minutesToLive } = options;
  const seal = createSeal(deriveKey(options.secret, USE), random);
  return {
    issue: async (tx, issue) => {
      const handle = `ph_${random.bytes(HANDLE_BYTES).toString('base64url')}`;
      const hash = hashOf(handle);
      const issuedAt = clock.now();
      const expiresAt = new Date(issuedAt.getTime() + minutesToLive * MINUTE_MS).toISOString();
      await tx.query(
        `INSERT INTO person_handle
           (handle_hash, sealed_subject, issued_by, receiver, purpose, case_agency, case_number, issued_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          hash,
          seal.seal(Buffer.from(issue.subject), hash.toString('hex')),
          issue.issuedBy,
          issue.receiver,
          issue.purpose,
          issue.case.agency,
          issue.case.number,
          issuedAt.toISOString(),
          expiresAt,
        ],
      );
      return { handle, expiresAt };
    },
    resolve: async (question) => {
      if (!HANDLE.test(question.handle)) return undefined;
      const hash = hashOf(question.handle);
      const sealed = await readSealed(sql, hash, question, clock.now());
      return sealed === undefined ? undefined : seal.open(sealed, hash.toString('hex'))?.toString();
    },
    people: async (handles) => {
      const hashes = handles.filter((handle) => HANDLE.test(handle)).map(hashOf);
      if (hashes.length === 0) return [];
      const { rows } = await sql.query<{ readonly handle_hash: Buffer; readonly sealed_subject: Buffer }>(
        `SELECT handle_hash, sealed_subject FROM person_handle WHERE handle_hash = ANY($1::bytea[])`,
        [hashes],
      );
      return rows.flatMap((row) => seal.open(row.sealed_subject, row.handle_hash.toString('hex'))?.toString() ?? []);
    },
    purge: async () => {
      const { count } = await sql.query(`DELETE FROM person_handle WHERE expires_at <= $1`, [
        clock.now().toISOString(),
      ]);
      return count;
    },
  };
}

/** Ends all handles, in the transaction of the caller. Resolves with their number. */
export async function endAllHandles(owner: SqlExecutor): Promise<number> {
  return (await owner.query('DELETE FROM person_handle')).count;
}

async function readSealed(sql: Sql, hash: Buffer, question: HandleQuestion, now: Date): Promise<Buffer | undefined> {
  const { rows } = await sql.query<{ readonly sealed_subject: Buffer }>(
    `SELECT sealed_subject FROM person_handle
     WHERE handle_hash = $1 AND receiver = $2 AND purpose = $3 AND case_agency = $4 AND case_number = $5 AND expires_at > $6`,
    [hash, question.receiver, question.purpose, question.case.agency, question.case.number, now.toISOString()],
  );
  return rows[0]?.sealed_subject;
}

function hashOf(handle: string): Buffer {
  return createHash('sha256').update(handle).digest();
}
