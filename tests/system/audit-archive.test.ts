import { expect } from 'chai';
import { createPublicKey } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbedded, type EmbeddedServer } from '../../gateway/state/embedded/server.js';
import { createSql, type SqlPool } from '../../gateway/state/pool.js';
import { createNoteSigner } from '../../monitoring/audit/tree/note.js';
import { openVerifiers, type OutsideVerifier } from '../docs/verify/outside-verifiers.js';
import { commandLine, type Done } from '../gateway/cli/command-line.js';
import { LEAST_CONFIG } from '../gateway/config/example.js';
import { copyState } from '../made-once.js';
import { runTereze } from '../process/program.js';
import { keyOf, ORIGIN, signCheckpoints } from '../monitoring/audit/checkpoints/sign-checkpoints.js';
import { besideOf, committed, completionDraft } from '../monitoring/audit/drafts.js';
import { openLog } from '../monitoring/audit/harness.js';

/** The installation of `LEAST_CONFIG` with a log of 2019, beside which no gateway runs. */
describe('tereze audit archive, erase and retention', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'tereze-archive-'));
  const archive = join(folder, 'archive');
  let server: EmbeddedServer;
  let sql: SqlPool;
  let verifiers: readonly OutsideVerifier[];
  before(async function () {
    verifiers = openVerifiers(this, folder);
    chmodSync(folder, 0o755);
    const state = join(folder, 'state');
    await copyState(state);
    writeFileSync(join(folder, 'secret'), 'x'.repeat(64), { mode: 0o600 });
    const former = createPublicKey(keyOf(1)).export({ format: 'pem', type: 'spki' });
    const current = keyOf(3).export({ format: 'pem', type: 'pkcs8' });
    writeFileSync(join(folder, 'audit.pem'), `${current}\n${former}`, { mode: 0o600 });
    writeFileSync(
      join(folder, 'tereze.yaml'),
      `${LEAST_CONFIG.replace(`${ORIGIN} }`, `${ORIGIN}, key_file: audit.pem, anchor: none, identity: none }`)}database: { directory: ${state} }\n`,
    );
    server = await startEmbedded({ directory: state });
    sql = createSql({ connection: server.runtime });
    const log = await openLog(sql);
    await Promise.all(
      Array.from({ length: 600 }, (_, nth) =>
        log.append({
          ...completionDraft(`r${nth}`, { at: '2019-03-05T10:00:00.000Z', subjects: committed(['a']) }),
          beside: besideOf(['a']),
        }),
      ),
    );
    await log.close();
    await signCheckpoints(sql);
  });
  after(async () => {
    await sql?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (...words: readonly string[]): Promise<Done> =>
    commandLine(['audit', ...words, '--config', join(folder, 'tereze.yaml')]);
  const archiveOf = (month: string): Promise<Done> =>
    run('archive', '--month', month, '--out', archive, '--reason', 'yearly archive of the log', '--json');

  it('leaves months alone that must stay', async () => {
    const { code, error } = await archiveOf('2026-01');
    expect(code).to.equal(1);
    expect(error).to.include('nothing was removed');
  });

  it('that is killed loses nothing, and completes when it is run again', async () => {
    for (const seen of ['tile/entries/000', 'checkpoint']) {
      const killed = runTereze([
        ...['audit', 'archive', '--month', '2019-12', '--out', archive, '--reason', 'yearly archive of the log'],
        ...['--config', join(folder, 'tereze.yaml')],
      ]);
      while (!existsSync(join(archive, '0', seen)) && killed.child.exitCode === null) await sleep(2);
      killed.child.kill('SIGKILL');
      expect(await killed.exit, killed.said().error).to.equal(null);
      const { rows } = await sql.query(`SELECT FROM audit_entry WHERE log_id = 'tereze/0'`);
      expect(rows.length).to.be.at.least(600);
    }
  });

  it('writes what outside verifiers accept, and removes it', async () => {
    const { code, out, error } = await archiveOf('2019-12');
    expect({ code, error }).to.deep.equal({ code: 0, error: '' });
    expect(JSON.parse(out)).to.deep.equal({ logs: [{ log: 'tereze/0', below: 512, count: 512 }] });
    const keys = readFileSync(join(archive, '0', 'keys'), 'utf8')
      .trim()
      .split('\n');
    // The current key signed nothing of it; the former one signs no more.
    expect(keys).to.deep.equal([3, 1].map((key) => createNoteSigner(`${ORIGIN}/0`, keyOf(key)).verifierKey));
    expect(statSync(join(archive, '0', 'checkpoint')).mode & 0o077).to.equal(0);
    for (const verifier of verifiers)
      expect(verifier.run('tiles', join(archive, '0'), ...keys), verifier.name).to.include({ exit: 0 });
  });

  it('leaves a log that is exported with the hashes of archived entries, and verifies with their bundles', async () => {
    const out = join(folder, 'exported');
    await signCheckpoints(sql);
    const exported = await run('export', '--format', 'tiles', '--out', out, '--reason', 'copy for the auditor');
    expect({ code: exported.code, error: exported.error }).to.deep.equal({ code: 0, error: '' });
    expect(exported.out).to.match(/\/0: \d{2,3} entries of tereze\/0, .*Entries before 512 are in the archive only/);
    expect(existsSync(join(out, '0', 'tile', 'entries', '001')), 'an archived bundle').to.equal(false);
    const keys = readFileSync(join(archive, '0', 'keys'), 'utf8')
      .trim()
      .split('\n');
    for (const verifier of verifiers)
      expect(verifier.run('tiles', join(out, '0'), ...keys), verifier.name).to.include({ exit: 1 });
    cpSync(join(archive, '0', 'tile', 'entries'), join(out, '0', 'tile', 'entries'), { recursive: true });
    for (const verifier of verifiers)
      expect(verifier.run('tiles', join(out, '0'), ...keys), verifier.name).to.include({ exit: 0 });
  });

  it('is verified with what is left, and says what may be gone', async () => {
    const { code, out } = await run('verify', '--all', '--kept', join(folder, 'kept'));
    expect([code, out]).to.deep.include(0);
    expect(out).to.include('512 entries are in an archive');
    expect(JSON.parse((await run('retention', '--json')).out)).to.deep.equal({
      retentionMonths: 60,
      logs: [{ log: `${ORIGIN}/0`, minimumIndex: 512 }],
    });
  });

  it('erases what leads to people of the rest, and is still verified', async () => {
    const { code, out, error } = await run(
      ...['erase', '--law', 'Law, article 12', '--before', '2020-01-01', '--reason', 'the term is over', '--json'],
    );
    expect({ code, error }).to.deep.equal({ code: 0, error: '' });
    expect(JSON.parse(out)).to.deep.equal({ logs: [{ log: 'tereze/0', below: 600, count: 88 }], held: 0 });
    expect((await run('verify', '--all', '--kept', join(folder, 'kept'))).code).to.equal(0);
  });
});
