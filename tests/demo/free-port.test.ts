import { expect } from 'chai';
import { createServer } from 'node:net';
import { freePort } from '../../demo/free-port.js';
import { listen } from '../../demo/registers/listener.js';

const HOST = '127.0.0.1';

describe('free port', () => {
  it('passes over a port that is taken', async () => {
    const [taken, free] = [await freePort(HOST), await freePort(HOST)];
    const holder = await listen(createServer(), HOST, taken);
    const drawn = [taken, taken, free];
    try {
      expect(await freePort(HOST, () => drawn.shift() ?? free)).to.equal(free);
      expect(drawn).to.deep.equal([]);
    } finally {
      await holder.close();
    }
  });

  it('is never one that the system would give to someone else by chance', async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, () => freePort(HOST)));
    for (const port of ports) expect(port).to.be.within(10_000, 31_999);
  });
});
