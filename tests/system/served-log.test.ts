import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { createNoteVerifier } from '../../monitoring/audit/tree/note.js';
import { openNote } from '../../monitoring/audit/tree/open-note.js';
import { parseCheckpoint } from '../../monitoring/audit/tree/checkpoint.js';
import { commandLine, type Done } from '../gateway/cli/command-line.js';
import { startSystem, type Answer, type RunningSystem } from './running-system.js';

interface Receipt {
  readonly log: string;
  readonly index: number;
  readonly leafHash: string;
}

describe('the served log', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'tereze-served-'));
  const answerFile = join(folder, 'answer.json');
  const entryFile = join(folder, 'entry');
  let system: RunningSystem;
  let answered: Answer;
  let receipt: Receipt;
  let key: string;
  let from: string;
  before(async () => {
    system = await startSystem();
    const access = await system.as('housing', 'housing_queue', 'HQ-2026-000101');
    answered = await system.ask(access, { query: '{ __typename }' });
    receipt = answered.tereze['receipt'] as Receipt;
    writeFileSync(answerFile, answered.text);
    const bytes = await system.reading(async (reader) => (await reader.show(receipt.log, receipt.index))?.bytes);
    writeFileSync(entryFile, bytes ?? '');
    key = (await commandLine(['audit', 'key', '--config', system.country.config, '--log', receipt.log])).out.trim();
    from = `${system.gateway.logUrl ?? ''}/log`;
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await system.stop();
  });

  const check = (...options: readonly string[]): Promise<Done> =>
    commandLine(['receipt', 'check', answerFile, '--key', key, '--entry', entryFile, ...options]);

  it('proves an answer a moment after it was given', async () => {
    expect(receipt.log).to.equal('demo.tereze.example/log/0');
    const { code, out, error } = await check('--from', from);
    expect({ code, error }, out).to.deep.equal({ code: 0, error: '' });
    expect(out.split('\n').filter((line) => line.startsWith('  yes'))).to.have.length(8);
  });

  it('serves checkpoints of the key that the command names, which grow', async () => {
    const verifier = createNoteVerifier(key);
    const read = async (): Promise<number> => {
      const note = await (await fetch(`${from}/0/checkpoint`)).text();
      const opened = openNote(note, verifier === undefined ? [] : [verifier]);
      return (typeof opened === 'string' ? undefined : parseCheckpoint(opened.text))?.size ?? expect.fail(note);
    };
    const before = await read();
    const access = await system.as('housing', 'housing_queue', 'HQ-2026-000101');
    await system.ask(access, { query: '{ __typename }' });
    while ((await read()) === before) await sleep(50);
  });

  it('says of a receipt with another leaf that another entry is there', async () => {
    const changed = join(folder, 'changed.json');
    writeFileSync(changed, answered.text.replace(receipt.leafHash, 'ab'.repeat(32)));
    const { code, error } = await commandLine(['receipt', 'check', changed, '--key', key, '--from', from]);
    expect(code).to.equal(1);
    expect(error).to.include('another entry than the receipt’s');
  });

  it('is signed by both keys after a rotation, which is an entry, and verifies with either', async () => {
    const config = system.country.config;
    const refused = await commandLine(['audit', 'key', 'rotate', '--config', config]);
    expect({ code: refused.code, error: refused.error.includes('--reason') }).to.deep.equal({ code: 2, error: true });
    const rotated = await commandLine([
      'audit',
      'key',
      'rotate',
      '--config',
      config,
      '--reason',
      'a change for the test',
    ]);
    expect(rotated.error).to.equal('');
    expect(rotated.out).to.include('A new key signs checkpoints');
    const { out } = await commandLine(['audit', 'key', '--config', config, '--log', receipt.log]);
    const keys = out.trim().split('\n');
    expect(keys).to.have.length(2).and.include(key);
    const openedBy = async (): Promise<number> => {
      const note = await (await fetch(`${from}/0/checkpoint`)).text();
      return keys.filter((one) => {
        const verifier = createNoteVerifier(one);
        return verifier !== undefined && typeof openNote(note, [verifier]) !== 'string';
      }).length;
    };
    for (; (await openedBy()) < 2; await sleep(100)) {
      const access = await system.as('housing', 'housing_queue', 'HQ-2026-000101');
      await system.ask(access, { query: '{ __typename }' });
    }
    const listed = await commandLine(['audit', 'list', '--config', config, '--outcome', 'checkpoint_key_rotated']);
    expect(listed.out).to.include('checkpoint_key_rotated');
    const verified = await commandLine(['audit', 'verify', '--config', config]);
    expect(verified.code, verified.out).to.equal(0);
  });

  it('shows no entry to anyone', async () => {
    const { status } = await fetch(`${from}/0/tile/entries/000.p/1`);
    expect(status).to.equal(401);
  });
});
