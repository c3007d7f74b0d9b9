import { expect } from 'chai';
import type { Browser as Chromium, Page } from 'puppeteer-core';
import { leafHash } from '../../../monitoring/audit/canonical.js';
import { signCheckpoints } from '../../monitoring/audit/checkpoints/sign-checkpoints.js';
import { intentDraft } from '../../monitoring/audit/drafts.js';
import { openDeskWithPages, type Browser, type PageDesk } from './browser.js';
import { LOOPBACK_ORIGIN, openAs, openChromium } from './chromium.js';

describe('the script of an entry’s page', function () {
  this.timeout(240_000);
  let pages: PageDesk;
  let chromium: Chromium;
  let page: Page;
  let officer: Browser;
  const problems: string[] = [];
  before(async function () {
    chromium = await openChromium(this);
    pages = await openDeskWithPages(LOOPBACK_ORIGIN);
    page = await chromium.newPage();
    page.on('console', (message) => void (message.type() === 'error' && problems.push(message.text())));
    page.on('pageerror', (error) => void problems.push(String(error)));
    officer = pages.browser();
    await officer.signIn('local');
    const { ownerSql } = pages.desk.database;
    await signCheckpoints(ownerSql);
    // Who can change rows can remove what keeps them as they are.
    await ownerSql.query('ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_leaf');
  });
  after(async () => {
    await chromium?.close();
    await pages?.desk.close();
  });

  const open = (index: number): Promise<void> => openAs(page, pages, `/en/entries/0/${index}`, officer);
  /** Lines that the script wrote, once it has come to its end. */
  const verified = async (): Promise<readonly string[]> => {
    await page.click('#verify button');
    await page.waitForFunction(
      "document.querySelector('#verify button').disabled === false && document.querySelector('#verify ul').children.length > 0",
    );
    return (await page.evaluate(
      "[...document.querySelectorAll('#verify li')].map(({ textContent }) => textContent)",
    )) as readonly string[];
  };
  const SOUND = [
    '✓ The bytes hash to the leaf.',
    '✓ The proof is of this entry.',
    '✓ The checkpoint is signed by a key of the log.',
    '✓ The checkpoint is of this log.',
    '✓ The leaf is in the tree of the checkpoint.',
  ];
  /** Changes the row of an entry beside the program. */
  const change = async (index: number, bytes: Buffer, leaf = leafHash(bytes)): Promise<void> => {
    await pages.desk.database.ownerSql.query('UPDATE audit_entry SET entry = $2, leaf_hash = $3 WHERE index = $1', [
      index,
      bytes,
      leaf,
    ]);
  };

  it('verifies, and says what this browser keeps from then on', async () => {
    await open(1);
    expect(await verified()).to.deep.equal([
      ...SOUND,
      'This browser had kept no earlier checkpoint; it keeps this one now.',
      'Verified.',
    ]);
  });

  it('compares with what this browser kept, also when the log has grown', async () => {
    const growth = '✓ The log has only grown since the checkpoint that this browser kept.';
    expect(await verified()).to.deep.equal([...SOUND, growth, 'Verified.']);
    await pages.desk.log.append(intentDraft('00000000-0000-4000-8000-0000000000aa'));
    await signCheckpoints(pages.desk.database.ownerSql);
    await open(1);
    expect(await verified()).to.deep.equal([...SOUND, growth, 'Verified.']);
  });

  it('names the step that fails for bytes that were changed, with or without their leaf', async () => {
    const { rows } = await pages.desk.database.ownerSql.query<{ entry: Buffer; leaf_hash: Buffer }>(
      'SELECT entry, leaf_hash FROM audit_entry WHERE index = 1',
    );
    const { entry, leaf_hash: leaf } = rows[0]!;
    const forged = Buffer.from(entry.toString().replace('HQ-2026-000101', 'HQ-2026-000102'));
    try {
      await change(1, forged, leaf);
      await open(1);
      expect((await verified())[0]).to.equal('✗ The bytes hash to the leaf.');
      await change(1, forged);
      await open(1);
      expect((await verified()).slice(-2)).to.deep.equal([
        '✗ The leaf is in the tree of the checkpoint.',
        'Not verified. Keep what you see, and tell the auditors of the log.',
      ]);
    } finally {
      await change(1, entry, leaf);
    }
  });

  it('says so when nothing is answered', async () => {
    await open(1);
    await page.setOfflineMode(true);
    const lines = await verified().finally(() => page.setOfflineMode(false));
    expect(lines.length).to.equal(1);
    expect(lines[0]).to.match(/^✗ What the verification needs was not answered/);
  });

  it('breaks no rule of the page’s policy', () => {
    expect(problems.filter((text) => !text.includes('ERR_INTERNET_DISCONNECTED'))).to.deep.equal([]);
  });

  it('is not needed for what the page says of its limits, and of the command that verifies without it', async () => {
    const { html } = await officer.get('/en/entries/0/1');
    expect(html).to.match(/<div\s+id="verify"\s+hidden/);
    expect(html).to.include('verify.py, verify.go and the bundle');
    expect(html).to.include('npx tereze audit verify --log log.example.kz/tereze/0');
  });
});
