import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { codeOf } from '../../schemas/error-code.js';
import { isObject } from '../../schemas/objects.js';
import type { NoteVerifier } from '../../monitoring/audit/tree/open-note.js';
import { writeDurably } from '../../gateway/state/durable-file.js';
import { listen, type Listener } from '../registers/listener.js';
import { WITNESS_PATH, type OutsideKeys } from './outside-keys.js';
import { TimeStampAuthority } from './time-stamp-authority.js';
import { addCheckpoint, type WitnessedTree, type WitnessMemory } from './witness.js';

export interface OutsideOptions {
  readonly host: string;
  readonly port: number;
  readonly keys: OutsideKeys;
  /** Returns the keys that may sign checkpoints of a log. */
  readonly keysOf: (origin: string) => readonly NoteVerifier[];
  /** Where the witness keeps what it has seen. */
  readonly memoryFile: string;
  readonly now: () => Date;
}

/** Below the address of the server. */
export const TIME_STAMPS_PATH = '/time-stamps';

const MAX_BODY_BYTES = 65_536;

/**
 * Serves those outside who prove checkpoints of the audit log: a time-stamp authority (RFC 3161 over HTTP) and a witness
 * (C2SP tlog-witness). Elsewhere they are organisations of their own; their keys and their memory are not the gateway's
 * here either.
 */
export function serveOutside({ host, port, keys, keysOf, memoryFile, now }: OutsideOptions): Promise<Listener> {
  const authority = new TimeStampAuthority(keys.timeSigner, now);
  const witness = { cosigner: keys.cosigner, keysOf, memory: fileMemory(memoryFile), now };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBytes(request);
    if (body === undefined || request.method !== 'POST') return void response.writeHead(400).end();
    if (request.url === TIME_STAMPS_PATH) {
      response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(await authority.answer(body));
    } else if (request.url === `${WITNESS_PATH}/add-checkpoint`) {
      const {
        status,
        contentType = 'text/plain; charset=utf-8',
        body: text,
      } = addCheckpoint(body.toString('utf8'), witness);
      response.writeHead(status, { 'content-type': contentType }).end(text);
    } else response.writeHead(404).end();
  };
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => request.socket.destroy());
  });
  return listen(server, host, port);
}

async function readBytes(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What a witness has seen, in a file that is on disk before anything is signed. */
function fileMemory(file: string): WitnessMemory {
  const seen = new Map(Object.entries(readMemory(file)));
  return {
    read: (origin) => seen.get(origin),
    keep: (origin, tree) => {
      writeDurably(file, JSON.stringify(Object.fromEntries([...seen, [origin, tree]])));
      seen.set(origin, tree);
    },
  };
}

function readMemory(file: string): Readonly<Record<string, WitnessedTree>> {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    // Its own file: what stands there was written above.
    if (isObject(value)) return value as Record<string, WitnessedTree>;
    throw new TypeError(`${file} is not what the witness wrote`);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return {};
    throw error;
  }
}
