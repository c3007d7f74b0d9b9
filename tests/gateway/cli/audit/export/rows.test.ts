import { expect } from 'chai';
import type { ExportRequested } from '../../../../../gateway/cli/audit/export/format.js';
import { prepareRows } from '../../../../../gateway/cli/audit/export/rows.js';
import type { Config } from '../../../../../gateway/config/schema.js';
import type { Sql } from '../../../../../schemas/ports/sql.js';
import { completionDraft } from '../../../../monitoring/audit/drafts.js';
import { emptyLog, openDatabase, openLog } from '../../../../monitoring/audit/harness.js';
import { seededRandom, standingClock } from '../../../../doubles.js';
import { rejection } from '../../../../rejection.js';
import type { TestDatabase } from '../../../state/test-database.js';
import { TestTerminal } from '../../test-terminal.js';
import type { RecordedExport } from '../../../../../monitoring/audit/export/record-export.js';

const ENTRIES = 2_500;

describe('an export of entries', () => {
  let database: TestDatabase;
  let slices = 0;
  before(async () => {
    database = await openDatabase();
    await emptyLog(database);
    const log = await openLog(database.sql);
    await Promise.all(Array.from({ length: ENTRIES }, (_, nth) => log.append(completionDraft(`r${nth}`))));
    await log.close();
  });
  after(() => database.close());
  beforeEach(() => (slices = 0));

  const exporting = (terminal: TestTerminal): ExportRequested => {
    const { sql } = database;
    const counting: Sql = {
      query: (text, values, options) => {
        if (text.startsWith('WITH part')) slices += 1;
        return sql.query(text, values, options);
      },
      transaction: (work) => sql.transaction(work),
    };
    return {
      opened: { sql: counting, log: {} as never, clock: standingClock(), random: seededRandom() },
      options: { format: 'jsonl' },
      format: 'jsonl',
      config: { audit: {} } as Config,
      filters: {},
      person: undefined,
      terminal,
    };
  };
  const recorded = (): RecordedExport & { readonly told: number[] } => {
    const told: number[] = [];
    return {
      id: 'export',
      told,
      recordProgress: (entries) => void told.push(entries),
      written: () => told.at(-1) ?? 0,
    };
  };

  it('reads a part when the one before was taken, and no sooner', async () => {
    const seen: number[] = [];
    class SlowTerminal extends TestTerminal {
      override async printAll(texts: AsyncIterable<string>): Promise<void> {
        for await (const text of texts) {
          seen.push(slices);
          this.print(text);
        }
      }
    }
    const terminal = new SlowTerminal();
    const { limit, filters, write } = await prepareRows(exporting(terminal));
    expect({ limit, filters }).to.deep.equal({ limit: ENTRIES, filters: { since: '2026-10-24T10:00:00.000Z' } });
    const progress = recorded();
    const { entries, text } = await write(progress);
    expect(entries).to.equal(ENTRIES);
    expect(seen).to.deep.equal([1, 2, 3]);
    expect(progress.told).to.deep.equal([1_000, 2_000, ENTRIES]);
    expect(terminal.printed.match(/\n/g)).to.have.length(ENTRIES);
    expect(text).to.include('the last 30 days');
  });

  it('ends when no one reads, and has said how much had left', async () => {
    class ClosedTerminal extends TestTerminal {
      override async printAll(texts: AsyncIterable<string>): Promise<void> {
        let taken = 0;
        for await (const text of texts) if ((taken += text.length) > 1 && slices === 2) throw new ClosedOutput();
      }
    }
    const { write } = await prepareRows(exporting(new ClosedTerminal()));
    const progress = recorded();
    expect(await rejection(write(progress)))
      .to.have.property('message')
      .that.includes('standard output was closed');
    expect(progress.told).to.deep.equal([1_000]);
    expect(slices).to.equal(2);
  });
});

class ClosedOutput extends Error {
  readonly code = 'EPIPE';
}
