import { expect } from 'chai';
import { healthRouter, readiness, type ReadinessCheck } from '../../../gateway/http/health.js';
import { openWire, send } from './wire.js';

const works: ReadinessCheck = { name: 'log', check: () => Promise.resolve(true) };
const says: ReadinessCheck = { name: 'log', check: () => Promise.resolve(false) };
const throws: ReadinessCheck = {
  name: 'keys',
  check: () => {
    throw new Error('secret');
  },
};
const rejects: ReadinessCheck = { name: 'keys', check: () => Promise.reject(new Error('secret')) };
const hangs: ReadinessCheck = { name: 'state', check: () => new Promise(() => undefined) };

describe('health', () => {
  it('is ready when every check passes', async () => {
    expect(await readiness({ checks: [works], timeoutMs: 50 })).to.deep.equal({
      status: 'ready',
      checks: { log: 'ok' },
    });
  });

  for (const [how, check] of [
    ['says no', says],
    ['throws', throws],
    ['rejects', rejects],
    ['hangs', hangs],
  ] as const) {
    it(`is not ready when a check ${how}`, async () => {
      const { status, checks } = await readiness({ checks: [works, check], timeoutMs: 50 });
      expect(status).to.equal('not_ready');
      expect(checks[check.name]).to.equal('failed');
    });
  }

  it('tells callers whether to come, and operators why not', async () => {
    for (const [isDetailed, body] of [
      [false, '{"status":"not_ready"}'],
      [true, '{"status":"not_ready","checks":{"keys":"failed"}}'],
    ] as const) {
      const wire = await openWire({
        routes: (app) => app.use(healthRouter({ checks: [rejects], timeoutMs: 50, isDetailed })),
      });
      const ready = await send(`${wire.url}/health/ready`, { method: 'GET' });
      expect(`${ready.status} ${ready.text}`).to.equal(`503 ${body}`);
      const live = await send(`${wire.url}/health/live`, { method: 'GET' });
      expect(`${live.status} ${live.text}`).to.equal('200 {"status":"live"}');
      expect(live.headers.get('cache-control')).to.equal('no-store');
      await wire.close();
    }
  });
});
