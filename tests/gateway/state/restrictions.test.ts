import { expect } from 'chai';
import {
  createRestrictionCounter,
  dropOldRestrictions,
  readRestrictions,
} from '../../../gateway/state/restrictions.js';
import type { Restriction } from '../../../schemas/ports/restrictions.js';
import { standingClock } from '../../doubles.js';
import { movingClock } from '../../policies/moving-clock.js';
import { rejection } from '../../rejection.js';
import { openTestDatabase, type TestDatabase } from './test-database.js';

const withdrawal = (revision: number): Restriction => ({
  kind: 'withdrawal',
  id: '11111111-1111-4111-8111-111111111111',
  revision,
});

describe('restrictions', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openTestDatabase({ migrations: ['gateway/state/migrations'] });
  });
  after(() => database.close());
  beforeEach(async () => {
    await database.ownerSql.query(
      `TRUNCATE restriction; ALTER TABLE restriction_counter DISABLE TRIGGER USER;
       UPDATE restriction_counter SET number = 0; ALTER TABLE restriction_counter ENABLE TRIGGER USER`,
    );
  });
  const counter = createRestrictionCounter(standingClock());
  const note = (revision: number, fails = false): Promise<number> =>
    database.sql.transaction(async (tx) => {
      const number = await counter.note(tx, withdrawal(revision));
      if (fails) throw new Error('the change failed');
      return number;
    });

  it('have numbers without gaps, although some of those that made them at the same time failed', async () => {
    await Promise.allSettled(Array.from({ length: 40 }, (_, one) => note(one + 1, one % 3 === 0)));
    const numbers = (await readRestrictions(database.sql, 0)).map(({ number }) => number);
    expect(numbers).to.deep.equal(Array.from({ length: 26 }, (_, one) => one + 1));
  });

  it('are read after a number, as they were written', async () => {
    for (const revision of [2, 5, 9]) await note(revision);
    expect(await readRestrictions(database.sql, 1)).to.deep.equal([
      { number: 2, ...withdrawal(5) },
      { number: 3, ...withdrawal(9) },
    ]);
  });

  it('are dropped when they are older than the journal, and their numbers are not given again', async () => {
    const clock = movingClock('2026-03-02T00:00:00.000Z');
    const aging = createRestrictionCounter(clock);
    await database.sql.transaction((tx) => aging.note(tx, withdrawal(1)));
    clock.moveTo('2026-04-06T00:00:00.000Z');
    expect(await dropOldRestrictions(database.sql, clock, 35)).to.equal(0);
    clock.moveTo('2026-04-06T00:00:00.001Z');
    expect(await dropOldRestrictions(database.sql, clock, 35)).to.equal(1);
    expect(await database.sql.transaction((tx) => aging.note(tx, withdrawal(2)))).to.equal(2);
  });

  it('cannot be changed, counted back or accepted by the gateway', async () => {
    await note(1);
    for (const statement of [
      `UPDATE restriction SET revision = 0`,
      'UPDATE restriction_counter SET number = 0',
      'DELETE FROM restriction_counter',
      'UPDATE state_epoch SET epoch = epoch + 1',
      'DELETE FROM state_epoch',
    ]) {
      expect(await rejection(database.sql.query(statement)), statement)
        .to.have.property('code')
        .that.is.oneOf(['42501', '23514']);
    }
  });
});
