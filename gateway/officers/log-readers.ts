import type { IncomingMessage } from 'node:http';
import type { EntryCaller, EntryReader } from '../../monitoring/audit/entries.js';
import { LOG_NAME } from '../../monitoring/audit/log-name.js';
import { readBundle } from '../../monitoring/audit/published/read-bundle.js';
import { createAuditReader } from '../../monitoring/audit/reader.js';
import { recordRead, type RecordingRead } from '../../monitoring/audit/search/record-read.js';
import type { StoredEntry } from '../../monitoring/audit/stored-entry.js';
import type { HttpConnections } from '../../schemas/ports/http-client.js';
import type { Sql } from '../../schemas/ports/sql.js';
import { Refusal } from '../../schemas/refusal.js';
import type { Caller } from '../../schemas/vocabulary.js';
import { Slots } from '../admission/slots.js';
import { createAuthenticator } from '../auth/authenticator.js';
import type { CaseRule } from '../auth/purpose.js';
import { useAlone, type ReplayStore } from '../auth/replay.js';
import type { SeenProofs } from '../auth/seen-proofs.js';
import { createTokenProver } from '../auth/token-prover.js';
import type { Config } from '../config/schema.js';
import type { LogReaders, ReaderSource } from '../http/log-routes.js';
import { readHead } from '../http/receive.js';
import { createOfficers, readerOf } from './officer.js';
import { refusalOf } from './refusal-of.js';
import { createOfficerSignIn, type OfficerSignIn } from './sign-in.js';

export interface LogReadersPorts extends RecordingRead {
  /** Connections for officers only. */
  readonly sql: Sql;
  readonly replay: ReplayStore;
  readonly seenProofs: SeenProofs;
  readonly issuerConnections: HttpConnections;
  readonly needsCase: CaseRule;
}

/** Readers of entries that are worked on at once, and as many that wait. */
const AT_ONCE = 4;

/**
 * Opens what one reading of the configuration lets readers see of entries at the address of the log. Officers need the roles
 * `entries` and `national`, because a bundle has entries of all agencies. Callers sign in as they do to ask, with a proof for
 * this address, and get entries of their own requests. Each reading is an entry itself, committed before a row is read.
 */
export function openLogReaders(
  config: Pick<Config, 'environment' | 'authentication' | 'server' | 'officers'>,
  ports: LogReadersPorts,
): LogReaders {
  const publicUrl = config.server.log?.public_url;
  if (publicUrl === undefined) return noReaders('log_public_url');
  const { sql, replay, seenProofs: seen } = ports;
  const slots = new Slots(AT_ONCE);
  const reader = createAuditReader(sql);
  const signIn = officersSignIn(config, publicUrl, ports);
  const callers = createAuthenticator({
    ...ports,
    seen,
    config: { ...config, server: { ...config.server, public_url: publicUrl } },
  });
  return {
    bundle: async (request, source, { log, from, to }) => {
      assertToken(request);
      if (signIn === undefined) throw new Refusal('OFFICER_NOT_REGISTERED');
      const officer = await signIn.authenticate(readHead(request), source);
      source.known();
      for (const role of ['entries', 'national'] as const)
        if (!officer.roles.has(role)) throw new Refusal('ROLE_REQUIRED', { reasons: [`role_${role}`] });
      if (from === to) throw new Refusal('NOT_FOUND');
      const logId = `${LOG_NAME}/${log}`;
      const asked = { act: 'audit_bundle_read', caller: readerOf(officer), limit: to - from } as const;
      const bundle = await inTurn(slots, `${officer.issuer} ${officer.subject}`, source, () =>
        recordRead(ports, { ...asked, entry: `${logId}/${from}` }, async () => {
          const result = await readBundle(sql, { logId, from, to });
          return { result, rows: result === undefined ? 0 : to - from };
        }),
      );
      if (bundle === undefined) throw new Refusal('NOT_FOUND', { reasons: ['archived'] });
      return bundle;
    },
    ownEntry: async (request, source, { log, index }) => {
      if (request.headers.authorization === undefined) return undefined;
      const { caller, proof } = await callers.authenticate(readHead(request), source);
      await useAlone(proof, replay);
      source.known();
      const entry = `${LOG_NAME}/${log}/${index}`;
      const asked = { act: 'audit_own_entry_read', caller: asReader(caller), limit: 1, entry } as const;
      return inTurn(slots, `${caller.agency} ${caller.system}`, source, () =>
        recordRead(ports, asked, async () => {
          const found = await reader.show(`${LOG_NAME}/${log}`, index);
          const result = found !== undefined && isOwn(found, caller) ? found.bytes : undefined;
          return { result, rows: result === undefined ? 0 : 1 };
        }),
      );
    },
  };
}

/** Where proofs have no address to name, no one can sign in. */
function noReaders(reason: string): LogReaders {
  return {
    bundle: async (request) => {
      assertToken(request);
      throw new Refusal('UNAUTHENTICATED', { reasons: [reason] });
    },
    ownEntry: async () => undefined,
  };
}

function assertToken({ headers }: IncomingMessage): void {
  if (headers.authorization === undefined) throw new Refusal('UNAUTHENTICATED', { reasons: ['token_missing'] });
}

function officersSignIn(
  config: Pick<Config, 'environment' | 'authentication' | 'officers'>,
  publicUrl: string,
  { replay, seenProofs: seen, clock, issuerConnections }: LogReadersPorts,
): OfficerSignIn | undefined {
  const { audience } = config.officers;
  if (audience === undefined) return undefined;
  const prover = createTokenProver({ config, audience, publicUrl, seen, clock, issuerConnections });
  return createOfficerSignIn({ prover, officers: createOfficers(config.officers), replay });
}

/** Each reader has a share of the places to work. */
async function inTurn<T>(slots: Slots, caller: string, source: ReaderSource, read: () => Promise<T>): Promise<T> {
  const leave = await slots.enter({ caller, weight: 1 }, source.signal);
  try {
    return await read();
  } catch (error) {
    throw refusalOf(error);
  } finally {
    leave();
  }
}

/** Returns a caller as the entry of a reading states who reads. */
function asReader({ agency, system, kind, officer, actor }: Caller): EntryReader {
  return { agency: agency?.id ?? null, system, kind, officer: officer ?? actor ?? null };
}

/** Kinds of entries that are about one request of a caller. */
const OF_A_REQUEST: ReadonlySet<string> = new Set(['intent', 'completion', 'refusal', 'act']);

/**
 * Whether an entry is about a request of this caller: of the same agency, system and officer. Entries about citizens name
 * only the system, which many citizens use, so they are no one's own here.
 */
function isOwn({ body }: StoredEntry, { agency, system, kind, officer, actor }: Caller): boolean {
  if (kind === 'citizen' || !OF_A_REQUEST.has(body.kind) || !('caller' in body)) return false;
  const of = body.caller as Partial<EntryCaller>;
  return (
    of.agency === (agency?.id ?? null) &&
    of.system === system &&
    of.kind === kind &&
    (of.officer ?? null) === (officer ?? null) &&
    (of.actor ?? null) === (actor ?? null)
  );
}
