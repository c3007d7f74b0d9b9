import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createHttpClient } from '../../../../gateway/compose/http-client.js';
import { HttpPlace, type HttpPlaceOptions } from '../../../../gateway/state/anchor/http-place.js';
import { faultOf } from '../../../../gateway/state/anchor/place.js';
import { describePlace } from '../../../ports/anchor-place.js';
import { rejection } from '../../../rejection.js';
import { HttpStore } from './http-store.js';

const placeAt = (url: string, more: Partial<HttpPlaceOptions> = {}): HttpPlace =>
  new HttpPlace({ name: 'store', url, http: createHttpClient(), timeoutMs: 5_000, ...more });

for (const etagOnPut of [true, false])
  describePlace(`HttpPlace (a store that ${etagOnPut ? 'names' : 'does not name'} the version it made)`, async () => {
    const store = new HttpStore();
    store.etagOnPut = etagOnPut;
    const url = await store.start();
    return { open: () => placeAt(url), close: () => store.stop() };
  });

describe('HttpPlace', () => {
  let store: HttpStore;
  let url: string;
  let directory: string;
  const places: HttpPlace[] = [];
  const open = (more: Partial<HttpPlaceOptions> = {}): HttpPlace => {
    const place = placeAt(url, more);
    places.push(place);
    return place;
  };
  beforeEach(async () => {
    store = new HttpStore();
    url = await store.start();
    directory = mkdtempSync(join(tmpdir(), 'tereze-place-'));
  });
  afterEach(async () => {
    for (const place of places.splice(0)) place.close();
    await store.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('shows the token of its file as it is at each request', async () => {
    const bearerFile = join(directory, 'token');
    writeFileSync(bearerFile, 'first\n');
    const place = open({ bearerFile });
    await place.read('head');
    writeFileSync(bearerFile, 'second\n');
    await place.write('head', 'text', undefined);
    expect(store.seen.map(({ method, path, authorization }) => [method, path, authorization])).to.deep.equal([
      ['GET', '/anchor/head.json', 'Bearer first'],
      ['PUT', '/anchor/head.json', 'Bearer second'],
    ]);
  });

  for (const [status, fault] of [
    [401, 'denied'],
    [403, 'denied'],
    [500, 'failed'],
    [302, 'failed'],
    [428, 'failed'],
  ] as const)
    it(`fails as ${fault} at status ${status}`, async () => {
      store.fault = () => ({ kind: 'status', status });
      expect(faultOf(await rejection(open().read('head')))).to.equal(fault);
      expect(faultOf(await rejection(open().write('head', 'text', undefined)))).to.equal(fault);
    });

  it('waits no longer than its limit', async () => {
    store.fault = () => ({ kind: 'hang' });
    expect(faultOf(await rejection(open({ timeoutMs: 50 }).read('head')))).to.equal('timeout');
    expect(faultOf(await rejection(open({ timeoutMs: 50 }).write('head', 'text', undefined)))).to.equal('timeout');
  });

  it('is unreachable where no one listens', async () => {
    await store.stop();
    expect(faultOf(await rejection(open().read('head')))).to.equal('unreachable');
    store = new HttpStore();
    await store.start();
  });

  it('refuses a store whose versions are weak: two writers would overwrite each other', async () => {
    await open().write('head', 'text', undefined);
    store.isWeak = true;
    expect(faultOf(await rejection(open().read('head')))).to.equal('unversioned');
  });

  it('may have written although the reply was lost', async () => {
    store.fault = (method) => (method === 'PUT' ? { kind: 'reply_lost' } : undefined);
    expect(faultOf(await rejection(open().write('head', 'text', undefined)))).to.equal('unreachable');
    expect((await open().read('head'))?.content).to.equal('text');
  });
});
