import { expect } from 'chai';
import { fieldUsage } from '../../../monitoring/audit/field-usage.js';
import type { TestDatabase } from '../../gateway/state/test-database.js';
import { completionDraft, intentDraft } from './drafts.js';
import { emptyLog, openDatabase, openLog } from './harness.js';

const read = (coordinate: string, access: 'disclose' | 'read' = 'disclose') => ({
  register: 'population',
  coordinate,
  category: 'population.identity',
  access,
});
const caller = (agency: string | null) =>
  ({
    agency,
    system: 'x',
    kind: agency === null ? 'citizen' : 'system',
    officer: null,
    actor: null,
    model: null,
  }) as const;

describe('field usage', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openDatabase();
    await emptyLog(database);
    const log = await openLog(database.sql, 'replica-1', { poolSize: 1 });
    await log.append(
      intentDraft('r1', {
        at: '2026-08-01T00:00:00.000Z',
        caller: caller('appeals'),
        reads: [read('Citizen.lastName')],
      }),
    );
    await log.append(
      intentDraft('r2', {
        at: '2026-10-01T00:00:00.000Z',
        caller: caller('social'),
        reads: [read('Citizen.lastName'), read('Citizen.iin', 'read')],
      }),
    );
    await log.append(
      intentDraft('r3', {
        at: '2026-11-01T00:00:00.000Z',
        caller: caller('housing'),
        reads: [read('Citizen.lastName')],
      }),
    );
    await log.append(
      intentDraft('r4', { at: '2026-11-02T00:00:00.000Z', caller: caller(null), reads: [read('Pension.amount')] }),
    );
    await log.append(completionDraft('r4'));
    await log.close();
  });
  after(() => database.close());

  it('names the agencies that asked for a field since then, and when it was last asked for', async () => {
    expect(await fieldUsage(database.sql, new Date('2026-09-01T00:00:00Z'))).to.deep.equal([
      { field: 'Citizen.iin', agencies: ['social'], lastAt: '2026-10-01T00:00:00.000Z' },
      { field: 'Citizen.lastName', agencies: ['housing', 'social'], lastAt: '2026-11-01T00:00:00.000Z' },
      { field: 'Pension.amount', agencies: ['citizens'], lastAt: '2026-11-02T00:00:00.000Z' },
    ]);
  });

  it('is of no one when no one asked', async () => {
    expect(await fieldUsage(database.sql, new Date('2026-11-03T00:00:00Z'))).to.deep.equal([]);
  });
});
