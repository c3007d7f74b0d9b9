import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { lockDirectory, type DirectoryLock } from '../state/embedded/directory-lock.js';
import { writeDurably } from '../state/durable-file.js';

const officer = z.strictObject({ issuer: z.string(), subject: z.string(), agency: z.string() });
const place = z.strictObject({ log: z.string(), index: z.int().min(0), position: z.int().min(0) });

/** A request to identify people, with all that became of it. Times are ISO 8601, UTC. */
const identifyRequest = z.strictObject({
  id: z.uuid(),
  /** SHA-256 of what was asked by which officer (`requestHash`), hex. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  asker: officer,
  reason: z.string(),
  case: z.strictObject({ agency: z.string(), number: z.string() }),
  /** How many people were asked about. */
  people: z.int().min(1),
  /** The people; empty once the request has ended. */
  places: z.array(place),
  askedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  approved: z.strictObject({ by: officer, at: z.iso.datetime() }).nullable(),
  refused: z.strictObject({ by: officer, at: z.iso.datetime() }).nullable(),
  /** When people began to be identified. It happens once. */
  usedAt: z.iso.datetime().nullable(),
});
export type IdentifyRequest = z.output<typeof identifyRequest>;

/** The store holds a file that it did not write. The message names the file and nothing of its content. */
export class StoreDamaged extends Error {
  constructor(file: string) {
    super(`${file} is not a request that tereze identity serve wrote: restore the directory, or move the file away`);
    this.name = 'StoreDamaged';
  }
}

/** Writes a file so that it is on disk when this returns; throws if it may not be. */
export type Write = (path: string, content: string) => void;

/**
 * The requests of the identity process: one file each, in a directory that one process holds.
 *
 * Contract: `put` returns once the request is on disk as a whole. If it throws, the file may hold the request as it was or
 * as it was to be: who asks again finds out.
 */
export class RequestStore {
  readonly #directory: string;
  readonly #lock: DirectoryLock;
  readonly #write: Write;

  private constructor(directory: string, lock: DirectoryLock, write: Write) {
    this.#directory = directory;
    this.#lock = lock;
    this.#write = write;
  }

  /** Opens the store, and makes its directory (mode 0700). Throws `StateFailure` if another process holds it. */
  static open(directory: string, write: Write = writeDurably): RequestStore {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    if ((statSync(directory).mode & 0o077) !== 0) throw new StoreExposed(directory);
    return new RequestStore(directory, lockDirectory(directory), write);
  }

  /** Returns every request, in no order. Throws {@link StoreDamaged}. */
  all(): readonly IdentifyRequest[] {
    return readdirSync(this.#directory)
      .filter((name) => NAME.test(name))
      .map((name) => this.#read(join(this.#directory, name), name));
  }

  put(request: IdentifyRequest): void {
    this.#write(join(this.#directory, `${request.id}.json`), `${JSON.stringify(request)}\n`);
  }

  /** Removes a request that has ended long ago. */
  drop(id: string): void {
    rmSync(join(this.#directory, `${id}.json`), { force: true });
  }

  close(): void {
    this.#lock.release();
  }

  #read(file: string, name: string): IdentifyRequest {
    try {
      const request = identifyRequest.parse(JSON.parse(readFileSync(file, 'utf8')));
      if (`${request.id}.json` === name) return request;
    } catch {
      // The cause could quote the file.
    }
    throw new StoreDamaged(file);
  }
}

/** Files of requests; no draft, and not that of the holder. */
const NAME = /^[0-9a-f-]{36}\.json$/;

/** Others may read the directory. */
export class StoreExposed extends Error {
  constructor(directory: string) {
    super(`the directory ${directory} may be read by others: run chmod 700 ${directory}`);
    this.name = 'StoreExposed';
  }
}
