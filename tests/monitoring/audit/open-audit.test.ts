import { expect } from 'chai';
import { openAudit } from '../../../monitoring/audit/open-audit.js';
import { auditConfig } from '../../../monitoring/config.js';
import { seededRandom, silentObserver, standingClock } from '../../doubles.js';
import type { TestDatabase } from '../../gateway/state/test-database.js';
import { completionDraft } from './drafts.js';
import { everythingCurrent, openDatabase } from './harness.js';

describe('openAudit', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());

  const witness = { kind: 'witness', policy_file: 'witnesses.policy' };
  for (const [what, anchor, said] of [
    ['is not said to have an anchor', undefined, 'none'],
    ['has none', 'none', 'none'],
    ['has only retired ones', { w: { ...witness, retired: true } }, 'none'],
    ['has one', { w: witness }, undefined],
  ] as const)
    it(`says in each receipt that no one outside proves the log, if the configuration ${what}: ${said ?? 'no'}`, async () => {
      const audit = await openAudit(auditConfig.parse({ anchor }), {
        sql: database.sql,
        clock: standingClock(),
        random: seededRandom(what),
        observer: silentObserver(),
        guard: everythingCurrent,
      });
      expect((await audit.log.append(completionDraft('r'))).anchor).to.equal(said);
      await audit.close();
    });
});
