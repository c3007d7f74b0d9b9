import { expect } from 'chai';
import { migrationFolders } from '../../../gateway/compose/migration-folders.js';
import { runHistory } from './rollback-history.js';
import { takeSnapshot, type Snapshot } from './snapshots.js';
import { openTestDatabase, type TestDatabase } from './test-database.js';

const HISTORIES = 4;

describe('random histories over two replicas, restored to every point', function () {
  this.timeout(120_000);
  let database: TestDatabase;
  let empty: Snapshot;
  before(async () => {
    database = await openTestDatabase({ migrations: migrationFolders() });
    empty = await takeSnapshot(database);
  });
  after(() => database.close());

  for (let seed = 0; seed < HISTORIES; seed += 1)
    it(`let no withdrawn consent open anything and touch no other, seed ${seed}`, async () => {
      const { rollbacks, consentsJudged } = await runHistory(database, empty, String(seed));
      expect([rollbacks > 5, consentsJudged > 0]).to.deep.equal([true, true]);
    });
});
