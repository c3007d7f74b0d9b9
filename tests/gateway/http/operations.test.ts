import { createServer } from 'node:http';
import { expect } from 'chai';
import { listen } from '../../../gateway/http/server.js';
import { operationsApp, type MetricsSource } from '../../../gateway/http/operations.js';
import { seededRandom, silentObserver } from '../../doubles.js';
import { send } from './wire.js';

describe('operationsApp', () => {
  const serve = async (metrics: MetricsSource) => {
    const server = createServer(
      operationsApp({
        metrics,
        checks: [],
        random: seededRandom(),
        observer: silentObserver(),
      }),
    );
    const url = await listen(server, { host: '127.0.0.1', port: 0 }, 'server.operations.port');
    const close = () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    return { url, close };
  };

  it('shows metrics and health, and nothing else', async () => {
    const { url, close } = await serve({
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
      read: () => Promise.resolve('tereze_requests_total 1\n'),
    });
    const metrics = await send(`${url}/metrics`, { method: 'GET' });
    expect(metrics.text).to.equal('tereze_requests_total 1\n');
    expect(metrics.headers.get('content-type')).to.equal('text/plain; version=0.0.4; charset=utf-8');
    expect((await send(`${url}/health/ready`, { method: 'GET' })).text).to.equal(
      '{"status":"ready","checks":{},"ageMs":{}}',
    );
    expect((await send(`${url}/graphql`, { body: '{}' })).refused).to.equal('NOT_FOUND');
    await close();
  });

  it('says nothing of a fault but that there was one', async () => {
    const { url, close } = await serve({ contentType: 'text/plain', read: () => Promise.reject(new Error('secret')) });
    const seen = await send(`${url}/metrics`, { method: 'GET' });
    expect(seen.refused).to.equal('INTERNAL_SERVER_ERROR');
    expect(seen.text).not.to.contain('secret');
    await close();
  });
});
