import { expect } from 'chai';
import { serveControl } from '../../../demo/registers/control.js';
import { Fault } from '../../../demo/registers/fault.js';
import type { Listener } from '../../../demo/registers/listener.js';
import { Meter } from '../../../demo/registers/meter.js';

describe('a register’s control port', () => {
  const meter = new Meter();
  const fault = new Fault();
  let listener: Listener;
  const url = (path: string): string => `http://127.0.0.1:${listener.port}${path}`;
  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(url(path), { method: 'POST', body: JSON.stringify(body) });

  before(async () => {
    listener = await serveControl(meter, fault, '127.0.0.1', 0);
  });
  after(() => listener.close());

  it('tells the counts and sets them back', async () => {
    meter.count('read', ['a']);
    meter.count('read', ['a', 'b']);
    expect(await (await fetch(url('/__stats'))).json()).to.deep.equal({
      calls: 2,
      subjects: 2,
      byOperation: { read: 2 },
    });
    await post('/__reset', {});
    expect(await (await fetch(url('/__stats'))).json()).to.deep.equal({ calls: 0, subjects: 0, byOperation: {} });
  });

  it('makes the register misbehave, and behave again', async () => {
    expect((await post('/__fault', { mode: 'hang' })).status).to.equal(200);
    expect(fault.mode).to.equal('hang');
    expect((await post('/__fault', { mode: 'off' })).status).to.equal(200);
    expect(fault.mode).to.equal('off');
  });

  it('refuses a mode that does not exist, and leaves things as they are', async () => {
    for (const body of [{ mode: 'explode' }, {}, []]) expect((await post('/__fault', body)).status).to.equal(400);
    expect(fault.mode).to.equal('off');
    expect((await post('/__else', {})).status).to.equal(404);
  });
});
