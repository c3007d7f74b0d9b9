import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { canonicalBytes } from '../../../monitoring/audit/canonical.js';
import { commitment } from '../../../monitoring/audit/commitment.js';
import { ENTRY_SCHEMA_VERSION, unknownCompletionEntry, type StoredBody } from '../../../monitoring/audit/entries.js';
import { createAuditReader } from '../../../monitoring/audit/reader.js';
import { verifyAnswer } from '../../../monitoring/audit/answer/verify-answer.js';
import type { TestDatabase } from '../../gateway/state/test-database.js';
import { committed } from './drafts.js';
import { insertEarlier } from './earlier-entry.js';
import { openDatabase } from './harness.js';

const FOLDER = join(packageRoot(), 'tests', 'golden', 'entries');
const VERSIONS = Array.from({ length: ENTRY_SCHEMA_VERSION }, (_, version) => String(version + 1));
/** Versions that are read, and no longer written. */
const EARLIER = VERSIONS.slice(0, -1);

const filesOf = (version: string): readonly string[] => readdirSync(join(FOLDER, version)).sort();
const bytesOf = (version: string, file: string): Buffer => readFileSync(join(FOLDER, version, file));
const bodyOf = (version: string, file: string): StoredBody => JSON.parse(String(bytesOf(version, file))) as StoredBody;

/** SHA-256 over the files of a version that is no longer written. */
const FROZEN: Readonly<Record<string, string>> = {
  '1': 'd069e5993ed0d2f166394e13b91717c197372a683e76da59d7bda33f5d77607a',
  '2': '53e980e8ac939973f63d0805b0da713107c11ef4655ee451678cf3b94bc3a3df',
  '3': '259138172338d29bc9d1e47b3cfc5c95a1b07040d61d7684cb133cc8c70ad0ad',
};

describe('entries of every version', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());

  for (const [version, hash] of Object.entries(FROZEN)) {
    it(`of version ${version} keep their bytes`, () => {
      const all = createHash('sha256');
      for (const file of filesOf(version)) all.update(`${file}\n`).update(bytesOf(version, file));
      expect(all.digest('hex')).to.equal(hash);
    });
  }

  it('are kept up to the version that is written', () => {
    expect(readdirSync(FOLDER).sort()).to.deep.equal(VERSIONS);
    for (const version of VERSIONS) {
      for (const file of filesOf(version)) expect(String(bodyOf(version, file).schemaVersion)).to.equal(version);
    }
  });

  it('are read with their bytes, and hash to their leaf', async () => {
    const reader = createAuditReader(database.sql);
    for (const version of EARLIER) {
      for (const file of filesOf(version)) {
        const { log, index } = await insertEarlier(database, bytesOf(version, file));
        const stored = await reader.show(log, index);
        expect(stored, `${version}/${file}`).to.deep.include({ intact: true, body: bodyOf(version, file) });
        expect(stored?.differences, `${version}/${file}`).to.deep.equal([]);
        expect(stored?.bytes.equals(bytesOf(version, file)), `${version}/${file}`).to.equal(true);
      }
    }
  });

  it('prove the answer that they commit to', async () => {
    for (const version of EARLIER) {
      const salt = Buffer.alloc(32, version);
      const answer = { data: { person: { lastName: version } } };
      const body = { ...bodyOf(version, 'completion-answered.json'), answer: commitment(salt, answer) };
      const receipt = { ...(await insertEarlier(database, canonicalBytes(body))), salt: salt.toString('hex') };
      const kept = (data: unknown): unknown => ({ data, extensions: { tereze: { receipt } } });
      const reader = createAuditReader(database.sql);
      expect((await verifyAnswer(reader, kept(answer.data))).verified, version).to.equal(true);
      expect((await verifyAnswer(reader, kept({ person: null }))).verified, version).to.equal(false);
    }
  });

  it('are closed as unknown, with the calls that the intent planned if its version says them', () => {
    const at = new Date('2026-11-23T10:00:07.250Z');
    const planned = [{ register: 'population', fetches: 2 }];
    for (const version of VERSIONS) {
      const intent = bodyOf(version, 'intent.json');
      if (intent.kind !== 'intent') throw new Error('not an intent');
      const { requestId } = intent;
      const subjects = committed(['a']);
      const known = unknownCompletionEntry({ ...intent, planned }, { at, subjects });
      expect(known).to.deep.include({ schemaVersion: ENTRY_SCHEMA_VERSION, requestId, subjects, planned });
      if (version < '3') expect(unknownCompletionEntry(intent, { at, subjects })).not.to.have.property('planned');
      if (version < '4') expect(known).to.deep.include({ token: null, requestInTs: null });
      expect(known.caller).to.include.keys('officer', 'actor', 'model');
      expect(() => canonicalBytes(known)).not.to.throw();
    }
  });
});
