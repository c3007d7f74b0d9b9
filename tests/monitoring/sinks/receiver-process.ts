import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from '../../ports/loopback-certificate.js';

/**
 * Keeps each event in a file, a line `<id> <SHA-256 of the event>`, before it answers. In plain JavaScript, so that the process is there in
 * no time.
 */
const RECEIVER = `
const [kind, port, folder] = process.argv.slice(1);
const fs = require('fs'), tls = require('tls'), https = require('https'), { createHash } = require('crypto');
const own = { cert: fs.readFileSync(folder + '/cert.pem'), key: fs.readFileSync(folder + '/key.pem') };
const file = fs.openSync(folder + '/taken', 'a');
const keep = (events) => {
  for (const event of events)
    fs.writeSync(file, event.metadata.uid + ' ' + createHash('sha256').update(JSON.stringify(event)).digest('hex') + '\\n');
};
if (kind === 'https')
  https.createServer(own, (request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => (keep(JSON.parse(body)), response.writeHead(204).end()));
  }).listen(Number(port), '127.0.0.1');
else
  tls.createServer(own, (socket) => {
    let waiting = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      waiting = Buffer.concat([waiting, chunk]);
      for (;;) {
        const space = waiting.indexOf(32);
        const end = space + 1 + Number(waiting.subarray(0, Math.max(0, space)));
        if (space < 0 || waiting.length < end) break;
        const message = waiting.subarray(space + 1, end).toString();
        keep([JSON.parse(message.slice(message.indexOf('{')))]);
        waiting = waiting.subarray(end);
      }
    });
  }).listen(Number(port), '127.0.0.1');
`;

/** What a receiver has kept of an event. */
export interface Kept {
  readonly id: string;
  readonly hash: string;
}

/** A receiver of events in a process of its own, which can be killed and started again at its address. */
export class ReceiverProcess {
  readonly port: number;
  readonly #kind: 'https' | 'syslog';
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(kind: 'https' | 'syslog', port: number, folder: string) {
    this.#kind = kind;
    this.port = port;
    this.#folder = folder;
  }

  static async start(kind: 'https' | 'syslog'): Promise<ReceiverProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'tereze-receiver-'));
    writeFileSync(join(folder, 'cert.pem'), LOOPBACK_CERTIFICATE);
    writeFileSync(join(folder, 'key.pem'), LOOPBACK_KEY);
    const receiver = new ReceiverProcess(kind, await freePort(), folder);
    receiver.#spawn();
    return receiver;
  }

  /** Ends the process as a crash does, and starts another. */
  async kill(): Promise<void> {
    await this.#end();
    this.#spawn();
  }

  /** What all processes have kept, in order. What the death of one left of a line is left out. */
  kept(): readonly Kept[] {
    const file = join(this.#folder, 'taken');
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    return lines.flatMap((line) => {
      const [, id, hash] = /^(\S+) ([0-9a-f]{64})$/.exec(line) ?? [];
      return id === undefined || hash === undefined ? [] : [{ id, hash }];
    });
  }

  /** Resolves when this many different events are there. */
  async has(events: number): Promise<void> {
    while (new Set(this.kept().map(({ id }) => id)).size < events) await sleep(20 + events / 50);
  }

  async close(): Promise<void> {
    await this.#end();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #spawn(): void {
    const words = ['-e', RECEIVER, this.#kind, String(this.port), this.#folder];
    this.#process = spawn(process.execPath, words, { stdio: 'ignore' });
  }

  async #end(): Promise<void> {
    if (this.#process === undefined || this.#process.exitCode !== null) return;
    this.#process.kill('SIGKILL');
    await once(this.#process, 'exit');
  }
}

/** Resolves with a port of this machine that no one listens at. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
