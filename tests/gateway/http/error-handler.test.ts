import { expect } from 'chai';
import { Refusal } from '../../../schemas/refusal.js';
import { openWire, send, type Wire } from './wire.js';

describe('createErrorHandler', () => {
  let wire: Wire;
  beforeEach(async () => {
    wire = await openWire({
      routes: (app) => {
        app.get('/throws', () => {
          throw new TypeError('secret 900101390012');
        });
        app.get('/rejects', () => Promise.reject(new Error('secret 900101390012')));
        app.get('/throws-text', () => {
          throw 'secret 900101390012' as unknown as Error;
        });
        app.get('/refuses', () => {
          throw new Refusal('UNAUTHENTICATED', { reasons: ['token_exp'] });
        });
        app.get('/late', (_request, response) => {
          response.write('half');
          throw new Error('too late');
        });
        app.get('/things/:id', (_request, response) => void response.json({}));
      },
    });
  });
  afterEach(() => wire.close());

  const get = (path: string) => send(`${wire.url}${path}`, { method: 'GET' });

  for (const path of ['/throws', '/rejects', '/throws-text']) {
    it(`says nothing of a fault (${path}) but that there was one`, async () => {
      const seen = await get(path);
      expect(`${seen.status} ${seen.refused}`).to.equal('500 INTERNAL_SERVER_ERROR');
      expect(seen.text).not.to.match(/secret|900101|at |\.ts/);
      expect(JSON.stringify(wire.lines)).not.to.match(/secret|900101/);
      expect(wire.lines.map(({ event }) => event)).to.deep.equal(['http_handler_failed']);
      expect(seen.headers.get('cache-control')).to.equal('no-store');
    });
  }

  it('answers a refusal with its status and challenge', async () => {
    const seen = await get('/refuses');
    expect(`${seen.status} ${seen.refused}`).to.equal('401 UNAUTHENTICATED token_exp');
    expect(seen.headers.get('www-authenticate')).to.match(/^DPoP error="invalid_token", algs=/);
    expect(wire.lines).to.deep.equal([]);
  });

  it('answers unknown addresses and wrong ones as JSON', async () => {
    expect((await get('/nowhere')).refused).to.equal('NOT_FOUND');
    expect((await get('/nowhere')).status).to.equal(404);
    const undecodable = await get('/things/%ff');
    expect(`${undecodable.status} ${undecodable.refused}`).to.equal('400 BAD_REQUEST');
  });

  it('speaks the client’s language', async () => {
    const seen = await send(`${wire.url}/nowhere`, {
      method: 'GET',
      headers: { 'accept-language': 'kk-KZ, ru;q=0.5' },
    });
    expect(seen.text).to.contain('Бұл мекенжайда ештеңе жоқ.');
  });

  it('breaks an answer off that had begun', async () => {
    const failed = await get('/late').catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(Error);
  });

  it('names no product', async () => {
    const { headers } = await get('/nowhere');
    expect(headers.get('x-powered-by')).to.equal(null);
    expect(headers.get('server')).to.equal(null);
  });
});
