import { request as ask } from 'node:http';
import { expect } from 'chai';
import { openLogServer, type LogServer } from '../../../gateway/http/log-server.js';
import { NO_READERS, type LogReaders } from '../../../gateway/http/log-routes.js';
import type { PublishedLog } from '../../../monitoring/audit/published/published-log.js';
import { runningClock, seededRandom, silentObserver } from '../../doubles.js';
import { parseConfig } from '../../../gateway/config/read-config.js';
import { LEAST_CONFIG } from '../config/example.js';

const LEAF = 'ab'.repeat(32);
const PREFIX = '/tereze';

/** A log of five entries. */
const LOG: Pick<PublishedLog, 'checkpoint' | 'tile' | 'prove'> = {
  checkpoint: 'log.example.kz/tereze/0\n5\n...\n',
  tile: async ({ level, number, width }) =>
    level === 0 && number === 0 && width <= 5 ? Buffer.alloc(32 * width, width) : undefined,
  prove: async (index, leaf, extra) => {
    if (index >= 5) return 'pending';
    return Buffer.from(leaf).toString('hex') === LEAF
      ? { proof: extra === undefined ? 'proof' : `proof with ${Buffer.from(extra).toString()}` }
      : 'other_leaf';
  },
};

interface Seen {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

describe('openLogServer', () => {
  const servers: LogServer[] = [];
  const open = async (readers: LogReaders = NO_READERS): Promise<LogServer> => {
    const { limits } = parseConfig('tereze.yaml', LEAST_CONFIG, {}).server;
    const server = await openLogServer({
      config: { host: '127.0.0.1', port: 0, directory: 'unused' },
      ...{ limits, proxies: [], clock: runningClock(), random: seededRandom(), observer: silentObserver() },
      prefix: PREFIX,
      published: { log: (number) => (number === 0 ? (LOG as PublishedLog) : undefined) },
      readers,
    });
    servers.push(server);
    return server;
  };
  let url: string;
  before(async () => {
    ({ url } = await open());
  });
  after(() => Promise.all(servers.map((server) => server.close())));

  const get = (path: string, { method = 'GET', headers = {}, at = url } = {}): Promise<Seen> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(at);
      ask({ hostname, port, path, method, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      })
        .on('error', reject)
        .end();
    });

  it('serves the checkpoint as text that is asked for again each time', async () => {
    const { status, headers, body } = await get(`${PREFIX}/0/checkpoint`);
    expect({ status, type: headers['content-type'], caching: headers['cache-control'] }).to.deep.equal({
      status: 200,
      type: 'text/plain; charset=utf-8',
      caching: 'no-cache',
    });
    expect(body.toString()).to.equal(LOG.checkpoint);
  });

  it('serves tiles as bytes that never change', async () => {
    const { status, headers, body } = await get(`${PREFIX}/0/tile/0/000.p/3`);
    expect(status).to.equal(200);
    expect(headers).to.include({
      'content-type': 'application/octet-stream',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    });
    expect(body).to.deep.equal(Buffer.alloc(96, 3));
    const head = await get(`${PREFIX}/0/tile/0/000.p/3`, { method: 'HEAD' });
    expect(head.body).to.have.length(0);
    expect(head.headers['content-length']).to.equal('96');
  });

  for (const path of [
    '/',
    PREFIX,
    `${PREFIX}/0`,
    `${PREFIX}/0/`,
    `${PREFIX}/1/checkpoint`,
    `${PREFIX}/00/checkpoint`,
    `${PREFIX}/-1/checkpoint`,
    `${PREFIX}/99999999999999999999/checkpoint`,
    `${PREFIX}/0/checkpoint/`,
    `${PREFIX}/0/checkpoint?x=1`,
    `${PREFIX}/0/CHECKPOINT`,
    `${PREFIX}/0/tile/0/000`,
    `${PREFIX}/0/tile/0/000.p/0`,
    `${PREFIX}/0/tile/0/000.p/6`,
    `${PREFIX}/0/tile/0/000.p/256`,
    `${PREFIX}/0/tile/0/0`,
    `${PREFIX}/0/tile/64/000`,
    `${PREFIX}/0/tile/0/../../../../etc/passwd`,
    `${PREFIX}/0/tile/0/%2e%2e/000`,
    `${PREFIX}/0/tile/data/000`,
    `/other/0/checkpoint`,
    `//tereze/0/checkpoint`,
    `http://elsewhere.example${PREFIX}/0/checkpoint`,
  ])
    it(`has nothing at ${path}`, async () => {
      const { status, headers } = await get(path);
      expect(status).to.equal(404);
      expect(headers['cache-control']).to.equal('no-store');
    });

  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
    it(`refuses ${method}, naming what there is`, async () => {
      const { status, headers } = await get(`${PREFIX}/0/checkpoint`, { method });
      expect({ status, allow: headers['allow'] }).to.deep.equal({ status: 405, allow: 'GET, HEAD' });
    });

  describe('entries', () => {
    it('are refused to everyone as long as no role says otherwise', async () => {
      for (const path of ['tile/entries/000', 'tile/entries/000.p/5', 'tile/entries/999']) {
        const anonymous = await get(`${PREFIX}/0/${path}`);
        expect(anonymous.status).to.equal(401);
        expect(anonymous.headers['www-authenticate']).to.match(/^DPoP/);
        expect((await get(`${PREFIX}/0/${path}`, { headers: { authorization: 'DPoP x' } })).status).to.equal(403);
      }
    });

    it('are what the latest configuration lets readers see', async () => {
      const server = await open();
      const path = `${PREFIX}/0/tile/entries/000.p/5`;
      const asked = { at: server.url, headers: { authorization: 'DPoP x' } };
      expect((await get(path, asked)).status).to.equal(403);
      server.replace({ ...NO_READERS, bundle: async () => Buffer.from('bundle') });
      expect((await get(path, asked)).status).to.equal(200);
    });

    it('are served to a reader that the port lets read, and kept by no cache', async () => {
      const seen: unknown[] = [];
      const { url: at } = await open({
        bundle: async (_request, _source, wanted) => {
          seen.push(wanted);
          return Buffer.from('bundle');
        },
        ownEntry: async () => undefined,
      });
      const { status, headers, body } = await get(`${PREFIX}/0/tile/entries/000.p/5`, { at });
      expect({ status, body: body.toString(), caching: headers['cache-control'] }).to.deep.equal({
        status: 200,
        body: 'bundle',
        caching: 'no-store',
      });
      expect((await get(`${PREFIX}/0/tile/entries/000.p/6`, { at })).status).to.equal(404);
      expect(seen[0]).to.deep.equal({ log: 0, from: 0, to: 5 });
    });
  });

  describe('proof', () => {
    it('proves an entry to anyone who has its leaf', async () => {
      const { status, headers, body } = await get(`${PREFIX}/0/proof?index=4&leaf=${LEAF}`);
      expect({ status, body: body.toString(), type: headers['content-type'] }).to.deep.equal({
        status: 200,
        body: 'proof',
        type: 'text/plain; charset=utf-8',
      });
    });

    it('tells when to ask again as long as no checkpoint holds the entry', async () => {
      for (const path of [`0/proof?index=5&leaf=${LEAF}`, `7/proof?index=0&leaf=${LEAF}`]) {
        const { status, headers } = await get(`${PREFIX}/${path}`);
        expect({ status, again: headers['retry-after'] }).to.deep.equal({ status: 404, again: '1' });
      }
    });

    for (const query of [
      '',
      '?index=4',
      `?leaf=${LEAF}`,
      `?index=04&leaf=${LEAF}`,
      `?index=-1&leaf=${LEAF}`,
      `?index=1e3&leaf=${LEAF}`,
      `?index=99999999999999999&leaf=${LEAF}`,
      `?index=4&leaf=${LEAF.toUpperCase()}`,
      `?index=4&leaf=${LEAF}00`,
      `?index=4&leaf=${LEAF}&index=3`,
      `?index=4&leaf=${'cd'.repeat(32)}`,
    ])
      it(`refuses ${query === '' ? 'no parameters' : query.slice(0, 60)}`, async () => {
        expect((await get(`${PREFIX}/0/proof${query}`)).status).to.equal(400);
      });

    it('holds the entry for its caller only', async () => {
      const { url: at } = await open({
        ...NO_READERS,
        ownEntry: async ({ headers }) => (headers.authorization === 'DPoP own' ? Buffer.from('entry') : undefined),
      });
      const path = `${PREFIX}/0/proof?index=4&leaf=${LEAF}`;
      const own = await get(path, { at, headers: { authorization: 'DPoP own' } });
      expect(own.body.toString()).to.equal('proof with entry');
      expect(own.headers['cache-control']).to.equal('no-store');
      expect((await get(path, { at, headers: { authorization: 'DPoP other' } })).body.toString()).to.equal('proof');
    });
  });

  it('says nothing of a fault but that there was one', async () => {
    const { url: at } = await open({ ...NO_READERS, ownEntry: () => Promise.reject(new Error('secret')) });
    const { status, body } = await get(`${PREFIX}/0/proof?index=4&leaf=${LEAF}`, { at });
    expect(status).to.equal(500);
    expect(body.toString()).not.to.include('secret');
  });
});
