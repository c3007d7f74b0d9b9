import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createDurably, writeDurably } from '../durable-file.js';

/** Files and folders of an embedded server below its directory, all for its owner only. */
export interface Layout {
  readonly directory: string;
  /** PostgreSQL's own data. */
  readonly data: string;
  readonly log: string;
  /** Folder of the Unix socket. */
  readonly sockets: string;
  readonly ownerPassword: string;
  readonly runtimePassword: string;
}

/** sun_path holds 108 bytes on Linux and 104 elsewhere; the server adds its own file name. */
const MAX_SOCKET_PATH = 100;
const SOCKET_NAME = '/.s.PGSQL.5432';

/** Makes the folders and secrets that are missing, and says where everything is. */
export function prepareLayout(directory: string): Layout {
  const root = resolve(directory);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  return {
    directory: root,
    data: join(root, 'data'),
    log: join(root, 'postgres.log'),
    sockets: socketFolder(root),
    ownerPassword: secret(join(root, 'owner.password')),
    runtimePassword: secret(join(root, 'runtime.password')),
  };
}

function socketFolder(root: string): string {
  const near = join(root, 'run');
  if (Buffer.byteLength(near + SOCKET_NAME) <= MAX_SOCKET_PATH) {
    mkdirSync(near, { recursive: true, mode: 0o700 });
    return near;
  }
  return recordedFolder(join(root, 'socket-folder'));
}

/** A short folder elsewhere, written down so that the next start and other commands find it. */
function recordedFolder(record: string): string {
  const known = existsSync(record) ? readFileSync(record, 'utf8') : undefined;
  if (known !== undefined && existsSync(known)) return known;
  const made = mkdtempSync(join(tmpdir(), 'tereze-'));
  writeDurably(record, made);
  return made;
}

function secret(path: string): string {
  // Durable before the server uses it: without its password no one can enter the database again.
  if (!existsSync(path)) createDurably(path, randomBytes(24).toString('base64url'));
  return readFileSync(path, 'utf8');
}
