import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionSettings } from '../../../gateway/state/embedded/server.js';

/** Stands between the gateway and its database, and cuts a connection at its COMMIT. */
export interface CommitProxy {
  /** Settings of a connection that leads through it. */
  readonly settings: ConnectionSettings;
  /** Cuts at the next COMMIT: it does not reach the server, or it does and the reply does not come back. */
  cutAtNextCommit(when: 'before' | 'after'): void;
  close(): Promise<void>;
}

export async function openCommitProxy(to: ConnectionSettings): Promise<CommitProxy> {
  const directory = mkdtempSync(join(tmpdir(), 'tereze-commit-'));
  const name = `.s.PGSQL.${to.port}`;
  let armed: 'before' | 'after' | undefined;
  const server = net.createServer((client) => {
    const upstream = net.connect(join(to.host, name));
    let isCut = false;
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
    client.on('data', (chunk) => {
      if (armed === undefined || !chunk.includes('COMMIT\0')) return void upstream.write(chunk);
      const when = armed;
      armed = undefined;
      if (when === 'before') return void client.destroy();
      isCut = true;
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => (isCut ? client.destroy() : client.write(chunk)));
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(join(directory, name), resolve));
  return {
    settings: { ...to, host: directory },
    cutAtNextCommit: (when) => void (armed = when),
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
