import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { expect } from 'chai';
import { SyslogTarget } from '../../../monitoring/sinks/syslog-target.js';
import { issueCertificate } from '../../ports/issued-certificate.js';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from '../../ports/loopback-certificate.js';
import { rejection } from '../../rejection.js';
import { eventsOf } from './events.js';

/** Takes messages by their length (RFC 5425, section 4.3). */
class Receiver {
  readonly ids: string[] = [];
  readonly sockets: TLSSocket[] = [];
  /** What it does with a chunk before it reads it. */
  onChunk: (socket: TLSSocket) => void = () => undefined;
  readonly #server: Server;

  constructor() {
    this.#server = createServer({ cert: LOOPBACK_CERTIFICATE, key: LOOPBACK_KEY }, (socket) => this.#take(socket));
  }

  async listen(port = 0): Promise<number> {
    await once(this.#server.listen(port, '127.0.0.1'), 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** As a process that ends does: every connection is gone at once. */
  die(): void {
    for (const socket of this.sockets) socket.destroy();
    this.#server.close();
  }

  #take(socket: TLSSocket): void {
    this.sockets.push(socket);
    let waiting = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      this.onChunk(socket);
      waiting += chunk.toString('latin1');
      for (let frame = cut(waiting); frame !== undefined; frame = cut(waiting)) {
        waiting = frame.rest;
        this.ids.push((JSON.parse(frame.json) as { metadata: { uid: string } }).metadata.uid);
      }
    });
  }
}

function cut(text: string): { readonly json: string; readonly rest: string } | undefined {
  const [head = '', digits] = /^(\d+) /.exec(text) ?? [];
  const end = head.length + Number(digits);
  if (digits === undefined || text.length < end) return undefined;
  const message = text.slice(head.length, end);
  return { json: message.slice(message.indexOf('{')), rest: text.slice(end) };
}

describe('syslog over TLS as a sink', () => {
  let receiver: Receiver;
  let target: SyslogTarget;
  let port: number;
  beforeEach(async () => {
    receiver = new Receiver();
    port = await receiver.listen();
  });
  afterEach(async () => {
    await target.close();
    receiver.die();
  });
  const open = (changes: Partial<ConstructorParameters<typeof SyslogTarget>[0]> = {}): SyslogTarget =>
    (target = new SyslogTarget({
      host: '127.0.0.1',
      port,
      hostname: 'log.example.kz',
      maxBytes: 65_536,
      tls: { tlsCa: LOOPBACK_CERTIFICATE },
      timeoutMs: 60_000,
      ...changes,
    }));
  const idsOf = (from: number, to: number): readonly string[] => eventsOf(from, to).map(({ metadata }) => metadata.uid);

  it('gets every message in order, over batches', async () => {
    open();
    for (const [from, to] of [
      [0, 400],
      [400, 401],
      [401, 900],
    ] as const)
      await target.deliver(eventsOf(from, to));
    expect(receiver.ids).to.deep.equal(idsOf(0, 900));
    expect(receiver.sockets.length, 'a connection for each batch, and one that waits').to.equal(4);
  });

  it('has not taken a batch if it dies with a part of it', async () => {
    open();
    await target.deliver(eventsOf(0, 1));
    receiver.onChunk = () => receiver.die();
    expect(await rejection(target.deliver(eventsOf(1, 500)))).to.include({ fault: 'unreachable' });
    receiver = new Receiver();
    await receiver.listen(port);
    await target.deliver(eventsOf(1, 500));
    expect(receiver.ids).to.deep.equal(idsOf(1, 500));
  });

  it('has not taken a batch if it dies after it has read all of it, together with the connection that waits', async () => {
    open();
    receiver.onChunk = (socket) => void socket.once('end', () => receiver.die());
    expect(await rejection(target.deliver(eventsOf(0, 3)))).to.include({ fault: 'unreachable' });
  });

  it('has not taken a batch if it does not close', async () => {
    open({ timeoutMs: 300 });
    receiver.onChunk = (socket) => void socket.pause();
    expect(await rejection(target.deliver(eventsOf(0, 3)))).to.include({ fault: 'timeout' });
  });

  it('gets nothing if its certificate is not trusted, has another name, or it is not there', async () => {
    const stranger = issueCertificate({ name: 'stranger' }).certificate;
    for (const tls of [{}, { tlsCa: stranger }, { tlsCa: LOOPBACK_CERTIFICATE, tlsServerName: 'siem.example.kz' }])
      expect(await rejection(open({ tls }).deliver(eventsOf(0, 1)))).to.include({ fault: 'unreachable' });
    expect(receiver.ids).to.deep.equal([]);
    receiver.die();
    expect(await rejection(open().deliver(eventsOf(0, 1)))).to.include({ fault: 'unreachable' });
  });

  it('is connected to again after a connection that waited was closed', async () => {
    open();
    await target.deliver(eventsOf(0, 1));
    for (const socket of receiver.sockets) socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await target.deliver(eventsOf(1, 2));
    expect(receiver.ids).to.deep.equal(idsOf(0, 2));
  });
});
