import { createServer } from 'node:http';
import { expect } from 'chai';
import { listen, ListenFailure } from '../../../gateway/http/listen.js';

describe('listen', () => {
  it('names a taken port and the setting that chose it', async () => {
    const [first, second] = [createServer(), createServer()];
    const url = await listen(first, { host: '127.0.0.1', port: 0 }, 'server.port');
    const port = Number(new URL(url).port);
    const failure = await listen(second, { host: '127.0.0.1', port }, 'server.port').catch((error: unknown) => error);
    await new Promise((resolve) => first.close(resolve));
    expect(failure).to.be.instanceOf(ListenFailure);
    expect((failure as ListenFailure).code).to.equal('PORT_TAKEN');
    expect((failure as ListenFailure).message).to.equal(
      `port ${port} on 127.0.0.1 is taken by another process; end it or choose another port (server.port)`,
    );
  });

  it('says when the address is not this machine’s', async () => {
    const failure = await listen(createServer(), { host: '192.0.2.1', port: 0 }, 'server.host').catch(
      (error: unknown) => error,
    );
    expect((failure as ListenFailure).code).to.equal('ADDRESS_UNAVAILABLE');
  });

  it('gives the address as a URL', async () => {
    const server = createServer();
    expect(await listen(server, { host: '127.0.0.1', port: 0 }, 'server.port')).to.match(
      /^http:\/\/127\.0\.0\.1:[0-9]+$/,
    );
    await new Promise((resolve) => server.close(resolve));
  });
});
