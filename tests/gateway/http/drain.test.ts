import { request as httpRequest, Agent } from 'node:http';
import { expect } from 'chai';
import { drain } from '../../../gateway/http/drain.js';
import { InFlight } from '../../../gateway/http/in-flight.js';
import { openWire, send, type Wire } from './wire.js';

describe('drain', () => {
  let wire: Wire;
  let inFlight: InFlight;
  let finish: () => void;
  let arrived: Promise<void>;

  beforeEach(async () => {
    inFlight = new InFlight();
    let arrive: () => void = () => undefined;
    arrived = new Promise((resolve) => (arrive = resolve));
    const held = new Promise<void>((resolve) => (finish = resolve));
    wire = await openWire({
      routes: (app) =>
        app.get('/held', async (_request, response) => {
          const leave = inFlight.enter();
          response.on('close', leave);
          arrive();
          await held;
          response.json({ done: true });
        }),
    });
  });
  afterEach(() => wire.close());

  it('lets what is in flight end, and takes nothing new', async () => {
    const held = send(`${wire.url}/held`, { method: 'GET' });
    await arrived;
    const drained = drain({ server: wire.server, inFlight, deadlineMs: 5_000 });
    const refused = await send(`${wire.url}/held`, { method: 'GET' }).catch((error: unknown) => error);
    expect(refused, 'no new connection').to.be.instanceOf(Error);
    finish();
    expect((await held).text).to.equal('{"done":true}');
    expect(await drained).to.deep.equal({ late: 0 });
  });

  it('refuses further requests on a connection that is open', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const first = ask(wire.port, agent);
    await arrived;
    const drained = drain({ server: wire.server, inFlight, deadlineMs: 5_000 });
    const second = ask(wire.port, agent);
    finish();
    expect((await first).status).to.equal(200);
    expect((await second).status).to.be.oneOf([503, undefined]);
    await drained;
    agent.destroy();
  });

  it('cuts off at the deadline what does not end, and says how many', async () => {
    const held = send(`${wire.url}/held`, { method: 'GET' }).catch((error: unknown) => error);
    await arrived;
    expect(await drain({ server: wire.server, inFlight, deadlineMs: 50 })).to.deep.equal({ late: 1 });
    expect(await held).to.be.instanceOf(Error);
    finish();
  });

  it('is quick when nothing is in flight, although connections are kept alive', async () => {
    await send(`${wire.url}/graphql`, { body: '{}' });
    const startedAt = performance.now();
    expect(await drain({ server: wire.server, inFlight, deadlineMs: 10_000 })).to.deep.equal({ late: 0 });
    expect(performance.now() - startedAt).to.be.lessThan(2_000);
  });
});

function ask(port: number, agent: Agent): Promise<{ status: number | undefined }> {
  return new Promise((resolve) => {
    const request = httpRequest({ port, host: '127.0.0.1', path: '/held', agent }, (response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode }));
    });
    request.on('error', () => resolve({ status: undefined }));
    request.end();
  });
}
