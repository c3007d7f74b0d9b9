import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createHttpClient } from '../../../../gateway/compose/http-client.js';
import { HttpPlace, type HttpPlaceOptions } from '../../../../gateway/state/anchor/http-place.js';
import { faultOf, PlaceFailure } from '../../../../gateway/state/anchor/place.js';
import { describePlace } from '../../../ports/anchor-place.js';
import { CLIENTS } from '../../../ports/client-certificates.js';
import { LOOPBACK_CERTIFICATE } from '../../../ports/loopback-certificate.js';
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

describe('HttpPlace, at a store that asks for a certificate', () => {
  let store: HttpStore;
  let directory: string;
  let options: HttpPlaceOptions;
  let place: HttpPlace | undefined;
  const file = (name: string, content: string): string => {
    const path = join(directory, name);
    writeFileSync(path, content);
    return path;
  };
  const show = ({ certificate, key }: { readonly certificate: string; readonly key: string }) => ({
    certificateFile: file('client.pem', certificate),
    keyFile: file('client.key', key),
  });
  const open = (more: Partial<HttpPlaceOptions> = {}): HttpPlace => (place = new HttpPlace({ ...options, ...more }));
  const seenClients = (): readonly unknown[] => store.seen.map(({ method, client }) => [method, client]);
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tereze-place-'));
    store = new HttpStore([CLIENTS.first.certificate, CLIENTS.second.certificate]);
    options = {
      name: 'store',
      url: await store.start(),
      http: createHttpClient(),
      timeoutMs: 5_000,
      tlsCaFile: file('ca.pem', LOOPBACK_CERTIFICATE),
    };
  });
  afterEach(async () => {
    place?.close();
    place = undefined;
    await store.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('shows the certificate of its files, to read and to write', async () => {
    const opened = open({ client: show(CLIENTS.first) });
    expect((await opened.write('head', 'text', undefined)).outcome).to.equal('written');
    expect(await opened.read('head')).to.include({ content: 'text' });
    expect(seenClients()).to.deep.equal([
      ['PUT', 'tereze first'],
      ['GET', 'tereze first'],
    ]);
  });

  it('is unreachable without a certificate, and where the store has one of another authority', async () => {
    expect(faultOf(await rejection(open().read('head')))).to.equal('unreachable');
    const other = { client: show(CLIENTS.first), tlsCaFile: undefined };
    expect(faultOf(await rejection(open(other).read('head')))).to.equal('unreachable');
    expect(store.seen).to.deep.equal([]);
  });

  it('shows a new certificate from the next request on, without a restart', async () => {
    const opened = open({ client: show(CLIENTS.first) });
    await opened.write('head', 'one', undefined);
    show(CLIENTS.second);
    await opened.read('head');
    await opened.read('head');
    expect(seenClients()).to.deep.equal([
      ['PUT', 'tereze first'],
      ['GET', 'tereze second'],
      ['GET', 'tereze second'],
    ]);
  });

  it('ends in peace what is under way while the files change', async () => {
    const opened = open({ client: show(CLIENTS.first) });
    await opened.write('head', 'text', undefined);
    const texts = await Promise.all(
      Array.from({ length: 6 }, async (_, number) => {
        if (number === 3) show(CLIENTS.second);
        return (await opened.read('head'))?.content;
      }),
    );
    expect(texts).to.deep.equal(Array(6).fill('text'));
  });

  it('fails while a certificate and a key do not belong together, or one is missing, and then goes on', async () => {
    const client = show(CLIENTS.first);
    const opened = open({ client });
    await opened.write('head', 'text', undefined);
    writeFileSync(client.certificateFile, CLIENTS.second.certificate);
    expect(await rejection(opened.read('head'))).to.be.instanceOf(PlaceFailure);
    rmSync(client.keyFile);
    expect(await rejection(opened.read('head'))).to.be.instanceOf(PlaceFailure);
    writeFileSync(client.certificateFile, 'not a certificate');
    writeFileSync(client.keyFile, 'not a key');
    expect(await rejection(opened.read('head'))).to.be.instanceOf(PlaceFailure);
    show(CLIENTS.second);
    expect((await opened.read('head'))?.content).to.equal('text');
  });

  it('is not opened with files that are not there', () => {
    const client = { certificateFile: join(directory, 'none.pem'), keyFile: join(directory, 'none.key') };
    expect(() => open({ client })).to.throw('ENOENT');
  });
});
