import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createHttpClient } from '../../gateway/compose/http-client.js';
import { postJson, type PostFailureKind } from '../../policies/post-json.js';

class Failure extends Error {
  constructor(
    readonly kind: PostFailureKind,
    options?: { cause?: unknown },
  ) {
    super(kind, options);
  }
}

describe('post-json', () => {
  let server: Server;
  let answer: (response: ServerResponse) => void;
  const connections = createHttpClient().open({});

  before(async () => {
    server = createServer((request, response) => {
      request.resume().on('end', () => answer(response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    connections.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const post = (): Promise<string> => {
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/path`);
    return postJson({ url, token: 't', body: { a: 1 }, timeoutMs: 100, maxBytes: 10, connections, failure: Failure });
  };
  const failed = async (): Promise<string> => {
    const error: unknown = await post().then(
      () => expect.fail('answered'),
      (rejected: unknown) => rejected,
    );
    expect(error).to.be.instanceOf(Failure);
    return (error as Failure).kind;
  };

  it('gives the text of a 200 answer', async () => {
    answer = (response) => response.end('a text');
    expect(await post()).to.equal('a text');
  });

  it('rejects everything else with the caller’s kind of failure', async () => {
    answer = (response) => response.writeHead(500).end();
    expect(await failed()).to.equal('failed');
    answer = (response) => response.end('longer than ten');
    expect(await failed()).to.equal('malformed');
    answer = (response) => response.end(Buffer.from([0x22, 0xc8, 0x22]));
    expect(await failed()).to.equal('malformed');
    answer = (response) => void response.destroy();
    expect(await failed()).to.equal('transport');
    answer = () => undefined;
    expect(await failed()).to.equal('timeout');
  });
});
