import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpensslCertificate } from './openssl-authority.js';

/** A TLS server of another stack than ours (`openssl s_server`), which asks every client for a certificate. */
export class OpensslServer {
  readonly #process: ChildProcess;
  readonly address: string;

  private constructor(process: ChildProcess, address: string) {
    this.#process = process;
    this.address = address;
  }

  /** Starts a server that accepts only clients whose certificate `ca` has signed. */
  static async start(
    folder: string,
    { own, ca, version }: { readonly own: OpensslCertificate; readonly ca: string; readonly version: string },
  ): Promise<OpensslServer> {
    const file = (name: string, text: string): string => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    };
    const started = spawn(
      'openssl',
      [
        ...['s_server', '-accept', '127.0.0.1:0', '-www', version, '-Verify', '1', '-verify_return_error'],
        ...['-cert', file('server.pem', own.certificate), '-key', file('server.key', own.key)],
        ...['-CAfile', file('server-ca.pem', ca)],
      ],
      { stdio: ['pipe', 'pipe', 'ignore'] },
    );
    let told = '';
    for await (const chunk of started.stdout) {
      told += String(chunk);
      const port = /^ACCEPT \S*:(\d+)\s/m.exec(told)?.[1];
      if (port !== undefined) {
        started.stdout.destroy();
        return new OpensslServer(started, `127.0.0.1:${port}`);
      }
    }
    throw new Error('openssl s_server has ended');
  }

  async close(): Promise<void> {
    this.#process.kill('SIGKILL');
    await once(this.#process, 'exit');
  }
}
