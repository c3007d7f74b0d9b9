import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  RequestStore,
  StoreDamaged,
  StoreExposed,
  type IdentifyRequest,
} from '../../../gateway/identity/request-store.js';

const REQUEST: IdentifyRequest = {
  id: '00000000-0000-4000-8000-000000000001',
  hash: 'a'.repeat(64),
  asker: { issuer: 'https://id.example', subject: 'asker', agency: 'housing' },
  reason: 'a breach at the housing agency',
  case: { agency: 'housing', number: 'B-2026-1' },
  people: 1,
  places: [{ log: 'tereze/0', index: 0, position: 0 }],
  askedAt: '2026-11-23T10:00:00.000Z',
  expiresAt: '2026-11-24T10:00:00.000Z',
  approved: null,
  refused: null,
  usedAt: null,
};

describe('the store of the identity process', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tereze-store-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const file = (): string => join(folder, `${REQUEST.id}.json`);

  it('keeps what it was given, for its owner only', () => {
    const inner = join(folder, 'made');
    const store = RequestStore.open(inner);
    store.put(REQUEST);
    store.put({ ...REQUEST, usedAt: '2026-11-23T11:00:00.000Z', places: [] });
    store.close();
    expect(statSync(inner).mode & 0o777).to.equal(0o700);
    const again = RequestStore.open(inner);
    expect(again.all()).to.deep.equal([{ ...REQUEST, usedAt: '2026-11-23T11:00:00.000Z', places: [] }]);
    again.drop(REQUEST.id);
    expect(again.all()).to.deep.equal([]);
    again.close();
  });

  it('is held by one process', () => {
    const store = RequestStore.open(folder);
    expect(() => RequestStore.open(folder))
      .to.throw()
      .with.property('code', 'DIRECTORY_IN_USE');
    store.close();
    RequestStore.open(folder).close();
  });

  it('is refused where others may read it', () => {
    chmodSync(folder, 0o750);
    expect(() => RequestStore.open(folder)).to.throw(StoreExposed, 'chmod 700');
  });

  it('is refused with a file that is not one of its own', () => {
    const store = RequestStore.open(folder);
    for (const content of [
      '',
      'null',
      JSON.stringify({ ...REQUEST, more: 1 }),
      JSON.stringify({ ...REQUEST, id: REQUEST.id.replace('1', '2') }),
      JSON.stringify({ ...REQUEST, hash: 'x' }),
      JSON.stringify({ ...REQUEST, places: [{ log: 'tereze/0', index: -1, position: 0 }] }),
      JSON.stringify(REQUEST).slice(0, -1),
    ]) {
      writeFileSync(file(), content);
      expect(() => store.all(), content).to.throw(StoreDamaged, file());
    }
    store.close();
  });
});
