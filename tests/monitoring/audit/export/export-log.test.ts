import { expect } from 'chai';
import { exportLog } from '../../../../monitoring/audit/export/export-log.js';
import { readSignedLogs } from '../../../../monitoring/audit/checkpoints/stored-checkpoints.js';
import { tilesOf, tilePath } from '../../../../monitoring/audit/tree/tiles.js';
import type { TestDatabase } from '../../../gateway/state/test-database.js';
import { rejection } from '../../../rejection.js';
import { signCheckpoints } from '../checkpoints/sign-checkpoints.js';
import { completionDraft } from '../drafts.js';
import { emptyLog, openDatabase, openLog, storedRows } from '../harness.js';

const SIZE = 300;

describe('exportLog', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());
  beforeEach(async () => {
    await emptyLog(database);
    const log = await openLog(database.sql);
    await Promise.all(Array.from({ length: SIZE }, (_, at) => log.append(completionDraft(`r${at}`))));
    await signCheckpoints(database.sql);
    await log.append(completionDraft('later'));
    await log.close();
  });

  const exported = async (): Promise<{ readonly names: readonly string[]; readonly files: Map<string, Buffer> }> => {
    const files = new Map<string, Buffer>();
    const [log] = await readSignedLogs(database.sql);
    if (log?.checkpoint === undefined) return expect.fail('no checkpoint');
    await exportLog(database.sql, { logId: log.logId, checkpoint: log.checkpoint }, async (path, bytes) => {
      files.set(path, Buffer.from(bytes));
    });
    return { names: [...files.keys()], files };
  };

  it('writes all that the checkpoint signed and nothing after it, the checkpoint last', async () => {
    const { names, files } = await exported();
    const bundles = ['tile/entries/000', 'tile/entries/001.p/44'];
    expect([...names].sort()).to.deep.equal([...tilesOf(SIZE).map(tilePath), ...bundles, 'checkpoint'].sort());
    expect(names.at(-1)).to.equal('checkpoint');
    expect(files.get('checkpoint')?.toString()).to.match(/^log\.example\.kz\/tereze\/0\n300\n/);
    const bytes = Buffer.concat((await storedRows(database.sql)).slice(0, 256).map(({ entry }) => entry));
    expect(files.get('tile/entries/000')?.length).to.equal(bytes.length + 2 * 256);
  });

  for (const [what, change] of [
    [
      'an entry rewritten with its leaf',
      `UPDATE audit_entry SET entry = 'xx', leaf_hash = sha256('\\x00'::bytea || 'xx'::bytea) WHERE index = 7`,
    ],
    ['a removed entry', 'DELETE FROM audit_entry WHERE index = 299'],
  ] as const) {
    it(`writes no checkpoint after ${what}`, async () => {
      await database.ownerSql.query(change);
      const files: string[] = [];
      const [log] = await readSignedLogs(database.sql);
      if (log?.checkpoint === undefined) return expect.fail('no checkpoint');
      const { logId, checkpoint } = log;
      const write = async (path: string): Promise<void> => void files.push(path);
      expect(await rejection(exportLog(database.sql, { logId, checkpoint }, write))).to.include({
        name: 'ExportDiffers',
        log: 'tereze/0',
      });
      expect(files).not.to.include('checkpoint');
      return undefined;
    });
  }
});
