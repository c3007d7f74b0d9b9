import { request as httpRequest, Agent } from 'node:http';
import { connect } from 'node:net';
import { expect } from 'chai';
import { drain, type Drained, type DrainOptions } from '../../../gateway/http/drain.js';
import { InFlight } from '../../../gateway/http/in-flight.js';
import { openWire, raw, send, type Wire } from './wire.js';

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

  const draining = (more: Partial<DrainOptions> = {}): Promise<Drained> =>
    drain({
      server: wire.server,
      connections: wire.connections,
      inFlight,
      leaveMs: 1_000,
      isProbed: false,
      deadlineMs: 5_000,
      ...more,
    });

  it('lets what is in flight end, and then takes nothing new', async () => {
    const held = send(`${wire.url}/held`, { method: 'GET' });
    await arrived;
    const drained = draining();
    finish();
    const answer = await held;
    expect(answer.text).to.equal('{"done":true}');
    expect(answer.headers.get('connection')).to.equal('close');
    expect(await drained).to.deep.equal({ late: 0 });
    expect(await send(`${wire.url}/held`, { method: 'GET' }).catch((error: unknown) => error)).to.be.instanceOf(Error);
  });

  it('answers what comes on open and on new connections while it leaves, and ends each', async () => {
    finish();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect(await ask(wire.port, agent)).to.include({ status: 200, connection: 'keep-alive' });
    const drained = draining();
    expect(await ask(wire.port, agent), 'on the connection that is open').to.include({
      status: 200,
      connection: 'close',
    });
    expect(await ask(wire.port, agent), 'on a new one').to.include({ status: 200, connection: 'close' });
    expect(await drained).to.deep.equal({ late: 0 });
    agent.destroy();
  });

  it('ends a connection only with the last of the answers that it owes', async () => {
    const request = 'GET /held HTTP/1.1\r\nHost: x\r\n\r\n';
    const answers = raw(wire.port, request.repeat(2));
    await arrived;
    const drained = draining();
    finish();
    expect((await answers).match(/HTTP\/1.1 [0-9]+|Connection: .*/g)?.map((line) => line.trim())).to.deep.equal([
      'HTTP/1.1 200',
      'Connection: keep-alive',
      'HTTP/1.1 200',
      'Connection: close',
    ]);
    await drained;
  });

  it('leaves for as long as it was told to where something asks for readiness', async () => {
    finish();
    const drained = draining({ isProbed: true, leaveMs: 1_500 });
    expect((await send(`${wire.url}/held`, { method: 'GET' })).status).to.equal(200);
    await drained;
  });

  it('cuts off at the deadline what does not end, and says how many', async () => {
    const held = send(`${wire.url}/held`, { method: 'GET' }).catch((error: unknown) => error);
    await arrived;
    expect(await draining({ leaveMs: 0, deadlineMs: 50 })).to.deep.equal({ late: 1 });
    expect(await held).to.be.instanceOf(Error);
    finish();
  });

  it('does not wait for connections that are kept alive and idle', async () => {
    await send(`${wire.url}/graphql`, { body: '{}' });
    // If it did, it would take longer than this test may.
    expect(await draining({ leaveMs: 200, deadlineMs: 3_600_000 })).to.deep.equal({ late: 0 });
  });

  it('ends idle connections without a reset', async () => {
    finish();
    const ended = new Promise<string>((resolve) => {
      const socket = connect(wire.port, '127.0.0.1', () => socket.write('GET /held HTTP/1.1\r\nHost: x\r\n\r\n'));
      socket.on('error', () => resolve('reset')).on('end', () => resolve('ended'));
      socket.resume();
    });
    await arrived;
    await draining();
    expect(await ended).to.equal('ended');
  });
});

function ask(port: number, agent: Agent): Promise<{ status: number | undefined; connection?: string | undefined }> {
  return new Promise((resolve) => {
    const request = httpRequest({ port, host: '127.0.0.1', path: '/held', agent }, (response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode, connection: response.headers.connection }));
    });
    request.on('error', () => resolve({ status: undefined }));
    request.end();
  });
}
