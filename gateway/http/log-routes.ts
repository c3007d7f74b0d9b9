import type { IncomingMessage } from 'node:http';
import type { PublishedLog } from '../../monitoring/audit/published/published-log.js';
import type { PublishedLogs } from '../../monitoring/audit/published/published-logs.js';
import { parseDecimal } from '../../monitoring/audit/tree/checkpoint.js';
import { parseTilePath, type TileCoordinate } from '../../monitoring/audit/tree/tiles.js';
import { Refusal } from '../../schemas/refusal.js';
import type { Verification } from '../auth/verification-budget.js';
import { assertMethod } from './receive.js';

/** What is read of a log: entries from `from` up to `to`, which is not among them. */
export interface EntriesWanted {
  readonly log: number;
  readonly from: number;
  readonly to: number;
}

/** Where a reader comes from, with a signal that is aborted when the reader goes away. */
export interface ReaderSource extends Verification {
  readonly signal: AbortSignal;
  /** Called once the reader has signed in: the connection leaves the limits for unknown readers. */
  known(): void;
}

/**
 * Readers who may see entries.
 *
 * Contract
 * - `bundle` resolves with a bundle of entries (C2SP tlog-tiles) only for a reader who may read them all, and only once
 *   the reading is recorded. Rejects with a `Refusal` otherwise.
 * - `ownEntry` resolves with the bytes of an entry only for the caller whose request it is about, and only once the
 *   reading is recorded; with undefined for a reader without a token and for every other caller. Rejects with a `Refusal`
 *   for a token or proof that is not good.
 */
export interface LogReaders {
  bundle(request: IncomingMessage, source: ReaderSource, wanted: EntriesWanted): Promise<Buffer>;
  ownEntry(
    request: IncomingMessage,
    source: ReaderSource,
    wanted: { readonly log: number; readonly index: number },
  ): Promise<Buffer | undefined>;
}

/** No reader may see entries: as long as no configuration is served. */
export const NO_READERS: LogReaders = {
  bundle: async ({ headers }) => {
    throw headers.authorization === undefined
      ? new Refusal('UNAUTHENTICATED', { reasons: ['token_missing'] })
      : new Refusal('POLICY_DENIED', { reasons: ['audit_role'] });
  },
  ownEntry: async () => undefined,
};

export interface LogRoutesOptions {
  readonly prefix: string;
  readonly published: Pick<PublishedLogs, 'log'>;
}

/** Who reads: what they send, where they come from, and what says whether they may see entries. */
export interface LogRequest {
  readonly request: IncomingMessage;
  readonly source: ReaderSource;
  readonly readers: LogReaders;
}

/** An answer: what is served never changes, or changes each second. */
export interface LogAnswer {
  readonly type: string;
  readonly caching: string;
  readonly body: Buffer;
}

const TEXT = 'text/plain; charset=utf-8';
const BYTES = 'application/octet-stream';
/** C2SP tlog-tiles: a tile never changes; a checkpoint is not cached for more than a few seconds. */
const FOREVER = 'public, max-age=31536000, immutable';
const NEVER = 'no-cache';
/** What only one reader may see. */
const PRIVATE = 'no-store';
/** A checkpoint is signed every second. */
const PENDING_S = 1;
const LEAF = /^[0-9a-f]{64}$/;

/**
 * Reads what a request asks for: `<prefix>/<number>/checkpoint`, `/tile/...` (C2SP tlog-tiles v0.1.0) or `/proof`. Rejects
 * with a `Refusal`.
 */
export async function readPublished(reading: LogRequest, options: LogRoutesOptions): Promise<LogAnswer> {
  const { request } = reading;
  assertMethod(request.method, ['GET', 'HEAD']);
  const [target = '', query] = splitOnce(request.url ?? '', '?');
  const { number, path } = addressed(target, options.prefix);
  const log = options.published.log(number);
  if (path === 'proof') return proofOf(reading, { log, number, query: query ?? '' });
  if (log === undefined || query !== undefined) throw new Refusal('NOT_FOUND');
  if (path === 'checkpoint') return { type: TEXT, caching: NEVER, body: Buffer.from(log.checkpoint ?? '') };
  const tile = parseTilePath(path);
  if (tile === undefined) throw new Refusal('NOT_FOUND');
  if (tile.level === 'entries') return bundleOf(reading, { number, log, tile });
  const hashes = await log.tile({ ...tile, level: tile.level });
  if (hashes === undefined) throw new Refusal('NOT_FOUND');
  return { type: BYTES, caching: FOREVER, body: Buffer.from(hashes) };
}

function addressed(target: string, prefix: string): { readonly number: number; readonly path: string } {
  const [numberText = '', path = ''] = target.startsWith(`${prefix}/`)
    ? splitOnce(target.slice(prefix.length + 1), '/')
    : [];
  const number = parseDecimal(numberText);
  if (number === undefined) throw new Refusal('NOT_FOUND');
  return { number, path };
}

/** A bundle has as many entries as the tile of level 0 has hashes. */
async function bundleOf(
  { request, source, readers }: LogRequest,
  { number, log, tile }: { readonly number: number; readonly log: PublishedLog; readonly tile: TileCoordinate },
): Promise<LogAnswer> {
  const from = tile.number * 256;
  const wanted = { log: number, from, to: from + tile.width };
  const isThere = (await log.tile({ level: 0, number: tile.number, width: tile.width })) !== undefined;
  // Who may not read entries does not learn how many there are either; a checkpoint says so.
  const body = await readers.bundle(request, source, isThere ? wanted : { ...wanted, to: from });
  if (!isThere) throw new Refusal('NOT_FOUND');
  return { type: BYTES, caching: PRIVATE, body };
}

async function proofOf(
  { request, source, readers }: LogRequest,
  { log, number, query }: { readonly log: PublishedLog | undefined; readonly number: number; readonly query: string },
): Promise<LogAnswer> {
  const parameters = new URLSearchParams(query);
  const index = parseDecimal(parameters.get('index') ?? '');
  const leaf = parameters.get('leaf') ?? '';
  if (index === undefined || !LEAF.test(leaf) || parameters.size !== 2)
    throw new Refusal('BAD_REQUEST', { reasons: ['index_and_leaf'] });
  const leafHash = Buffer.from(leaf, 'hex');
  const pending = (): Refusal => new Refusal('NOT_FOUND', { reasons: ['no_checkpoint_yet'], retryAfterS: PENDING_S });
  if (log === undefined) throw pending();
  const proof = await log.prove(index, leafHash);
  if (proof === 'pending') throw pending();
  if (proof === 'other_leaf') throw new Refusal('BAD_REQUEST', { reasons: ['leaf'] });
  const extra = await readers.ownEntry(request, source, { log: number, index });
  if (extra === undefined) return { type: TEXT, caching: NEVER, body: Buffer.from(proof.proof) };
  const own = await log.prove(index, leafHash, extra);
  if (typeof own === 'string') throw pending();
  return { type: TEXT, caching: PRIVATE, body: Buffer.from(own.proof) };
}

function splitOnce(text: string, separator: string): readonly [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
