import { expect } from 'chai';
import { createSecretKey } from 'node:crypto';
import { AuditUnavailable } from '../../../monitoring/audit/port.js';
import { openDataKey } from '../../../monitoring/identity/data-key.js';
import { DailySealing, SEALS_NOTHING } from '../../../monitoring/identity/identity-sealing.js';
import { keyIdOf, openIdentity } from '../../../monitoring/identity/sealed-identity.js';
import { SqlFailure, type SqlExecutor, type SqlResult } from '../../../schemas/ports/sql.js';
import { seededRandom, standingClock } from '../../doubles.js';
import { openDatabase } from '../audit/harness.js';
import type { TestDatabase } from '../../gateway/state/test-database.js';
import { rejection } from '../../rejection.js';
import { makeRecipient, type TestRecipient } from './recipient.js';

const IIN = '900101300017';
const START = Date.parse('2026-11-23T10:00:00.000Z');
const HOUR = 3_600_000;

describe('sealing under a data key of the day', () => {
  let database: TestDatabase;
  let recipient: TestRecipient;
  before(async () => {
    database = await openDatabase();
    recipient = await makeRecipient('dpo');
  });
  after(() => database.close());
  beforeEach(() => database.ownerSql.query('TRUNCATE audit_data_key'));

  /** A gateway whose clock, database and standing the test sets. */
  function gateway() {
    const drawn: Buffer[] = [];
    const random = seededRandom();
    const set = { now: START, isCurrent: true, fault: undefined as 'not_written' | 'reply_lost' | undefined };
    const sql: SqlExecutor = {
      async query<Row>(text: string, values?: readonly unknown[]): Promise<SqlResult<Row>> {
        if (set.fault === 'not_written') throw new SqlFailure('down', { outcome: 'not_done' });
        const result = await database.sql.query<Row>(text, values);
        if (set.fault === 'reply_lost') throw new SqlFailure('lost', { outcome: 'unknown' });
        return result;
      },
    };
    const sealing = new DailySealing({
      sql,
      clock: { ...standingClock(), now: () => new Date(set.now) },
      random: {
        ...random,
        bytes: (length) => {
          const bytes = random.bytes(length);
          if (length === 32) drawn.push(bytes);
          return bytes;
        },
      },
      recipients: [recipient],
      isStateCurrent: () => set.isCurrent,
    });
    const sealed = async (): Promise<Buffer> => (await sealing.current())(IIN) ?? Buffer.alloc(0);
    return { set, sealing, sealed, drawn };
  }

  const storedKeys = async (): Promise<ReadonlyMap<string, string>> => {
    const { rows } = await database.sql.query<{ id: string; sealed: string }>(
      `SELECT encode(key_id, 'hex') AS id, sealed FROM audit_data_key`,
    );
    return new Map(rows.map(({ id, sealed }) => [id, sealed]));
  };
  const keyOf = (sealed: Buffer): string => keyIdOf(sealed)?.toString('hex') ?? 'none';
  const opened = async (sealed: Buffer): Promise<string> => {
    const id = keyIdOf(sealed) ?? Buffer.alloc(0);
    const raw = await openDataKey((await storedKeys()).get(id.toString('hex')) ?? '', id, [recipient.privateKey]);
    return openIdentity(sealed, { id, key: createSecretKey(raw) });
  };

  it('can be opened by a recipient, from what is in the database', async () => {
    const { sealed } = gateway();
    expect(await opened(await sealed())).to.equal(IIN);
  });

  it('uses one key at a time, however many ask for the first one at once', async () => {
    const { sealed } = gateway();
    const keys = (await Promise.all(Array.from({ length: 20 }, sealed))).map(keyOf);
    expect(new Set(keys)).to.have.length(1);
    expect((await storedKeys()).size).to.equal(1);
  });

  it('makes the next key before the day is over, and seals nothing under one of yesterday', async () => {
    const { set, sealed } = gateway();
    const first = keyOf(await sealed());
    set.now = START + 23 * HOUR - 1;
    expect(keyOf(await sealed())).to.equal(first);
    set.now = START + 23 * HOUR;
    expect(keyOf(await sealed())).to.equal(first);
    while (keyOf(await sealed()) === first) await new Promise((resolve) => setImmediate(resolve));
    const second = keyOf(await sealed());
    set.now += 24 * HOUR;
    const third = await sealed();
    expect(new Set([first, second, keyOf(third)])).to.have.length(3);
    expect(await opened(third)).to.equal(IIN);
  });

  it('goes on under the key of the day when the next one cannot be stored, until the day is over', async () => {
    const { set, sealed, sealing } = gateway();
    const first = keyOf(await sealed());
    for (const fault of ['not_written', 'reply_lost'] as const) {
      set.fault = fault;
      set.now = START + 23.5 * HOUR;
      expect(keyOf(await sealed())).to.equal(first);
    }
    set.now = START + 24 * HOUR;
    expect(await rejection(sealing.current())).to.be.instanceOf(AuditUnavailable);
    set.fault = undefined;
    expect(await opened(await sealed())).to.equal(IIN);
  });

  it('takes another key after the clock was set back', async () => {
    const { set, sealed } = gateway();
    const first = keyOf(await sealed());
    set.now = START - 1;
    expect(keyOf(await sealed())).not.to.equal(first);
  });

  for (const fault of ['not_written', 'reply_lost'] as const) {
    it(`seals nothing while a key cannot be stored (${fault}), and never uses that key`, async () => {
      const { set, sealing, sealed } = gateway();
      set.fault = fault;
      expect(await rejection(sealing.current())).to.be.instanceOf(AuditUnavailable);
      const left = await storedKeys();
      expect(left.size).to.equal(fault === 'reply_lost' ? 1 : 0);
      set.fault = undefined;
      const after = await sealed();
      expect(left.has(keyOf(after))).to.equal(false);
      expect(await opened(after)).to.equal(IIN);
    });
  }

  it('takes another key when the standing of the database changes, because the old one may not be in it', async () => {
    const { set, sealed } = gateway();
    const before = keyOf(await sealed());
    set.isCurrent = false;
    const refused = keyOf(await sealed());
    set.isCurrent = true;
    const after = keyOf(await sealed());
    expect(new Set([before, refused, after])).to.have.length(3);
  });

  it('keeps no bytes of a key, also when it could not be stored', async () => {
    const { set, sealing, sealed, drawn } = gateway();
    set.fault = 'not_written';
    await rejection(sealing.current());
    set.fault = undefined;
    await sealed();
    expect(drawn).to.have.length(2);
    for (const bytes of drawn) expect(bytes.every((byte) => byte === 0)).to.equal(true);
  });

  it('lets the runtime role neither change a data key nor take one away', async () => {
    await gateway().sealed();
    for (const text of [
      `UPDATE audit_data_key SET sealed = ''`,
      'DELETE FROM audit_data_key',
      'TRUNCATE audit_data_key',
    ])
      expect(await rejection(database.sql.query(text)), text).to.include({ code: '42501' });
  });

  it('seals nothing where the installation says so', async () => {
    expect((await SEALS_NOTHING.current())(IIN)).to.equal(null);
  });
});
