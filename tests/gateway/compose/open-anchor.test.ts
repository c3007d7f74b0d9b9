import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createHttpClient } from '../../../gateway/compose/http-client.js';
import { openPlaces } from '../../../gateway/compose/open-anchor.js';
import { stateConfig } from '../../../gateway/config/parts/state.js';
import { seededRandom } from '../../doubles.js';
import { CLIENTS } from '../../ports/client-certificates.js';
import { LOOPBACK_CERTIFICATE } from '../../ports/loopback-certificate.js';
import { HttpStore } from '../state/anchor/http-store.js';

describe('the places that a configuration names', () => {
  let directory: string;
  let store: HttpStore;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'tereze-places-'));
    store = new HttpStore([CLIENTS.first.certificate]);
  });
  afterEach(async () => {
    await store.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  const file = (name: string, content: string): string => {
    writeFileSync(join(directory, name), content);
    return join(directory, name);
  };

  it('show a store their certificate and their token, and trust its authority only', async () => {
    const { anchor } = stateConfig.parse({
      anchor: {
        store: {
          kind: 'http',
          url: await store.start(),
          tls_ca_file: file('ca.pem', LOOPBACK_CERTIFICATE),
          client_certificate_file: file('client.pem', CLIENTS.first.certificate),
          client_key_file: file('client.key', CLIENTS.first.key),
          bearer_file: file('token', 'secret\n'),
        },
        disk: { kind: 'directory', directory },
      },
    });
    const places = openPlaces(anchor, { http: createHttpClient(), random: seededRandom() });
    try {
      for (const place of places) {
        expect((await place.write('head', `of ${place.name}`, undefined)).outcome).to.equal('written');
        expect((await place.read('head'))?.content).to.equal(`of ${place.name}`);
      }
    } finally {
      for (const place of places) place.close();
    }
    expect(store.seen.map(({ method, client, authorization }) => [method, client, authorization])).to.deep.equal([
      ['PUT', 'tereze first', 'Bearer secret'],
      ['GET', 'tereze first', 'Bearer secret'],
    ]);
  });
});
