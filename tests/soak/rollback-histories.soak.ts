import { expect } from 'chai';
import { migrationFolders } from '../../gateway/compose/migration-folders.js';
import { runHistory, type HistoryFigures } from '../gateway/state/rollback-history.js';
import { takeSnapshot } from '../gateway/state/snapshots.js';
import { openTestDatabase, type TestDatabase } from '../gateway/state/test-database.js';
import { sizeOf, tell } from './figures.js';

const HISTORIES = sizeOf('SOAK_HISTORIES', 1_000);

describe(`${HISTORIES} random histories, restored to every point`, function () {
  this.timeout(7_200_000);
  let database: TestDatabase;
  before(async () => {
    database = await openTestDatabase({ migrations: migrationFolders() });
  });
  after(() => database.close());

  it('let no withdrawn consent open anything, touch no other, and give no place of the log twice', async () => {
    const empty = await takeSnapshot(database);
    const total: Record<keyof HistoryFigures, number> = {
      acts: 0,
      rollbacks: 0,
      withJournalsCut: 0,
      consentsJudged: 0,
    };
    for (let seed = 0; seed < HISTORIES; seed += 1) {
      const figures = await runHistory(database, empty, `soak ${seed}`);
      for (const name of Object.keys(total) as (keyof HistoryFigures)[]) total[name] += figures[name];
    }
    tell({ histories: HISTORIES, ...total });
    expect(total.rollbacks).to.be.greaterThan(HISTORIES);
  });
});
