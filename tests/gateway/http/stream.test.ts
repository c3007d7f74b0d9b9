import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { sendParts } from '../../../gateway/http/stream.js';
import { rejection } from '../../rejection.js';

describe('an answer that streams', () => {
  let server: Server;
  let sent: Promise<unknown>;
  let taken = 0;
  async function* many(): AsyncGenerator<string> {
    for (taken = 0; taken < 1_000; taken += 1) {
      yield '';
      yield 'x'.repeat(100_000);
    }
  }
  beforeEach(async () => {
    server = createServer((_request, response) => {
      const gone = new AbortController();
      response.once('close', () => gone.abort());
      sent = sendParts(response, { type: 'text/plain' }, { parts: many(), gone: gone.signal }).then(() =>
        response.end(),
      );
      sent.catch(() => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => server.close());

  const open = (): Promise<IncomingMessage> =>
    new Promise((resolve) => get(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, resolve));

  it('is taken as fast as the client reads, whole, and never cached', async () => {
    const response = await open();
    expect(response.headers['cache-control']).to.equal('no-store');
    expect(taken, 'not read yet').to.be.below(1_000);
    let bytes = 0;
    for await (const chunk of response) bytes += (chunk as Buffer).length;
    await sent;
    expect(bytes).to.equal(100_000_000);
  });

  it('ends when the client goes away', async () => {
    const response = await open();
    response.destroy();
    expect(await rejection(sent)).to.have.property('code', 'CLIENT_GONE');
    expect(taken).to.be.below(1_000);
  });
});
