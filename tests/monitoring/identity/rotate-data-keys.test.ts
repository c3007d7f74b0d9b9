import { createSecretKey } from 'node:crypto';
import { expect } from 'chai';
import { openDataKey, type RecipientKey } from '../../../monitoring/identity/data-key.js';
import { DailySealing } from '../../../monitoring/identity/identity-sealing.js';
import { rotateDataKeys } from '../../../monitoring/identity/rotate-data-keys.js';
import { keyIdOf, openIdentity } from '../../../monitoring/identity/sealed-identity.js';
import { readDataKeys } from '../../../monitoring/identity/stored-data-keys.js';
import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import type { Recipient } from '../../../monitoring/recipients.js';
import { seededRandom, standingClock } from '../../doubles.js';
import type { TestDatabase } from '../../gateway/state/test-database.js';
import { rejection } from '../../rejection.js';
import { openDatabase } from '../audit/harness.js';
import { makeRecipient, type TestRecipient } from './recipient.js';

const IIN = '900101300017';

describe('data keys sealed again', () => {
  let database: TestDatabase;
  let [first, second, third]: TestRecipient[] = [];
  before(async () => {
    database = await openDatabase();
    [first, second, third] = await Promise.all(['first', 'second', 'third'].map(makeRecipient));
  });
  after(() => database.close());
  beforeEach(() => database.ownerSql.query('TRUNCATE audit_data_key'));

  const one = (recipient: TestRecipient | undefined): TestRecipient => recipient ?? expect.fail('no recipient');

  /** Seals a number, as a gateway with these recipients does. */
  async function sealed(seed: string, ...recipients: readonly Recipient[]): Promise<Buffer> {
    const clock = standingClock();
    const sealing = new DailySealing({
      ...{ sql: database.sql, clock, random: seededRandom(seed), recipients },
      isStateCurrent: () => true,
    });
    return (await sealing.current())(IIN) ?? expect.fail('nothing was sealed');
  }

  async function opened(bytes: Buffer, key: RecipientKey): Promise<string> {
    const id = keyIdOf(bytes) ?? Buffer.alloc(0);
    for await (const dataKey of readDataKeys(database.sql))
      if (dataKey.id.equals(id))
        return openIdentity(bytes, { id, key: createSecretKey(await openDataKey(dataKey.sealed, id, [key])) });
    return expect.fail('no data key');
  }

  it('open for the new recipients, also where the private key of another old one is lost', async () => {
    const bytes = await sealed('a', one(first), one(second));
    // The key of `first` is lost. `second` seals to `third` as well.
    expect(await rotateDataKeys(database.sql, [one(second).privateKey], [one(second), one(third)])).to.deep.equal({
      ...{ sealed: 1, current: 0, notOpened: 0 },
    });
    expect(await opened(bytes, one(third).privateKey)).to.equal(IIN);
    expect(await opened(bytes, one(second).privateKey)).to.equal(IIN);
    expect(await rejection(opened(bytes, one(first).privateKey))).to.include({ code: 'other_recipients' });
  });

  it('are left alone when it is done again, and all of many pages are reached', async () => {
    const { sealed: text } = await anyKey();
    await database.ownerSql.query('TRUNCATE audit_data_key');
    await database.ownerSql.query(
      `INSERT INTO audit_data_key (key_id, made_at, sealed) SELECT decode(md5(n::text), 'hex'), now(), $1 FROM generate_series(1, 1203) AS n`,
      [text],
    );
    const seen = new Set<string>();
    for await (const { id } of readDataKeys(database.sql)) seen.add(id.toString('hex'));
    expect(seen.size).to.equal(1203);
    expect(await rotateDataKeys(database.sql, [], [one(first)])).to.include({ current: 1203, sealed: 0 });
  });

  async function anyKey(): Promise<{ readonly sealed: string }> {
    await sealed('any', one(first));
    for await (const key of readDataKeys(database.sql)) return key;
    return expect.fail('no data key');
  }

  it('stay as they are when no private key at hand opens them, and the others are sealed', async () => {
    const bytes = await sealed('b', one(first));
    await sealed('c', one(second));
    await database.ownerSql.query(
      `INSERT INTO audit_data_key (key_id, made_at, sealed) VALUES (decode(repeat('ff', 16), 'hex'), now(), 'nonsense')`,
    );
    expect(await rotateDataKeys(database.sql, [one(second).privateKey], [one(third)])).to.deep.equal({
      ...{ sealed: 1, current: 0, notOpened: 2 },
    });
    expect(await opened(bytes, one(first).privateKey)).to.equal(IIN);
  });

  it('can be ended at any moment and done again', async () => {
    for (const seed of ['d', 'e', 'f']) await sealed(seed, one(first));
    let left = 1;
    const breaking: SqlExecutor = {
      query: (text, values) => {
        if (text.startsWith('INSERT') && left-- === 0) throw new Error('the connection was lost');
        return database.sql.query(text, values);
      },
    };
    expect(await rejection(rotateDataKeys(breaking, [one(first).privateKey], [one(second)]))).to.be.instanceOf(Error);
    expect(await rotateDataKeys(database.sql, [one(first).privateKey], [one(second)])).to.deep.equal({
      ...{ sealed: 2, current: 1, notOpened: 0 },
    });
  });
});
