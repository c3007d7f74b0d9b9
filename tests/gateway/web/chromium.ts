import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { needsPrograms } from '../../needs-programs.js';
import type { Browser as PlainBrowser, PageDesk } from './browser.js';

/** Debian's own (.ci/packages). */
const CHROMIUM = '/usr/bin/chromium';

/** Starts Chromium. Skips a suite, with a notice, where there is none; in CI it fails. */
export async function openChromium(suite: Mocha.Context): Promise<Browser> {
  needsPrograms(suite, CHROMIUM);
  return puppeteer.launch({
    executablePath: CHROMIUM,
    // As root, as in CI, Chromium has no sandbox; it opens pages of the test only.
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'],
    protocolTimeout: 300_000,
  });
}

/** An origin of which Chromium takes cookies without https. Proofs name it; its port is none that is opened. */
export const LOOPBACK_ORIGIN = 'http://127.0.0.1:1';

/** Opens a page with the session of another browser, or with none. */
export async function openAs(
  page: Page,
  { desk }: PageDesk,
  path: string,
  by: PlainBrowser | undefined,
  width = 1280,
): Promise<void> {
  const url = new URL(path, desk.server.url).href;
  await page.deleteCookie(...(await page.cookies(url)));
  for (const [name, value] of by?.cookies ?? [])
    await page.setCookie({ name, value, domain: new URL(url).hostname, path: '/' });
  await page.setViewport({ width, height: 800 });
  await page.goto(url, { waitUntil: 'load' });
}
