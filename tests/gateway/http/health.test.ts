import { expect } from 'chai';
import { answerLive, asksForLive, readiness, readyRouter, type ReadinessCheck } from '../../../gateway/http/health.js';
import { openWire, send } from './wire.js';

const check = (name: string, ok: boolean, ageMs = 40): ReadinessCheck => ({ name, lastSeen: () => ({ ok, ageMs }) });

describe('health', () => {
  it('is ready when everything was last seen to work, and says how long ago', () => {
    expect(readiness([check('log', true), check('keys', true, 7)])).to.deep.equal({
      status: 'ready',
      checks: { log: 'ok', keys: 'ok' },
      ageMs: { log: 40, keys: 7 },
    });
  });

  it('is not ready when one thing was not', () => {
    const { status, checks } = readiness([check('log', true), check('keys', false)]);
    expect(status).to.equal('not_ready');
    expect(checks).to.deep.equal({ log: 'ok', keys: 'failed' });
  });

  it('answers what was last seen, and looks once for each probe', async () => {
    let looked = 0;
    const counting: ReadinessCheck = { name: 'log', lastSeen: () => ((looked += 1), { ok: false, ageMs: 5 }) };
    const wire = await openWire({ routes: (app) => app.use(readyRouter([counting])) });
    const ready = await send(`${wire.url}/health/ready`, { method: 'GET' });
    expect(`${ready.status} ${ready.text}`).to.equal(
      '503 {"status":"not_ready","checks":{"log":"failed"},"ageMs":{"log":5}}',
    );
    expect(ready.headers.get('cache-control')).to.equal('no-store');
    expect(looked).to.equal(1);
    await wire.close();
  });

  it('is live without looking at anything, and does not tell callers whether it is ready', async () => {
    const wire = await openWire({
      routes: (app) =>
        app.use((request, response, next) => (asksForLive(request) ? answerLive(request, response) : next())),
    });
    const live = await send(`${wire.url}/health/live`, { method: 'GET' });
    expect(`${live.status} ${live.text}`).to.equal('200 {"status":"live"}');
    expect((await send(`${wire.url}/health/ready`, { method: 'GET' })).status).to.equal(404);
    await wire.close();
  });
});
