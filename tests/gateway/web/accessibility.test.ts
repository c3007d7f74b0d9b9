import axe, { type AxeResults } from 'axe-core';
import { expect } from 'chai';
import type { Browser as Chromium, Page } from 'puppeteer-core';
import { LANGUAGES, type Language } from '../../../schemas/language.js';
import { completionDraft, intentDraft } from '../../monitoring/audit/drafts.js';
import { CITIZEN } from '../auth/party.js';
import { HOUSING_REQUEST } from '../officers/desk.js';
import { ABOUT_OFFICER, askApproval, GROUNDS } from '../officers/samples.js';
import { ACTED, openDeskWithPages, type Browser, type PageDesk } from './browser.js';
import { LOOPBACK_ORIGIN, openAs, openChromium } from './chromium.js';

/** `all`: every page in every language and width. Otherwise each once, in a language and width of its turn. */
const IS_FULL = process.env['PAGES_CHECKED'] === 'all';
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Widths of a telephone and of a desk, in pixels. */
const WIDTHS = [360, 1280];
const FORM = {
  person: CITIZEN,
  case_agency: GROUNDS.case.agency,
  case_number: GROUNDS.case.number,
  reason: GROUNDS.reason,
};

/** Pages as people see them with nothing, one thing, many things, and an error. Each is opened by an officer. */
const PAGES: Readonly<Record<string, (officer: Browser, language: Language) => Promise<string>>> = {
  'the search, not asked yet': async (_, language) => `/${language}/search`,
  'the search that finds nothing': async (_, language) => `/${language}/search?purpose=nothing`,
  'the search that finds one': async (_, language) => `/${language}/search?request=${ACTED.body.requestId}`,
  'the search that finds many': async (_, language) => `/${language}/search?agency=housing&since=2026-11-20`,
  'the search that finds what is new': async (_, language) => `/${language}/search?all=1&seen=2026-11-23T09:00:00.000Z`,
  'the search with errors': async (_, language) => `/${language}/search?since=x&until=y&log=z`,
  'the search that needs a second officer': async (_, language) => `/${language}/search?officer=colleague`,
  'the search for a person': async (_, language) => `/${language}/person`,
  'the search for a person that finds many': (officer, language) => searched(officer, language, {}),
  'the search for a person that finds nothing': (officer, language) =>
    searched(officer, language, { until: '2026-01-01' }),
  'the search for a person with errors': (officer, language) =>
    searched(officer, language, { reason: 'x', person: '1', case_number: '' }),
  'a request': async (_, language) => `/${language}/requests/${HOUSING_REQUEST}`,
  'an entry of an answer': async (_, language) => `/${language}/entries/0/1`,
  'an entry with texts of callers': async (_, language) => `/${language}/entries/0/4`,
  'an entry that was changed': async (_, language) => `/${language}/entries/0/5`,
  'approvals, none': async (_, language) => `/${language}/approvals`,
  'an error': async (_, language) => `/${language}/entries/0/999`,
  'a form that is no longer valid': async (_, language) => `/${language}/searches/nothing`,
};

async function searched(
  officer: Browser,
  language: Language,
  changes: Readonly<Record<string, string>>,
): Promise<string> {
  const page = await officer.get(`/${language}/person`);
  const { headers } = await officer.submit(page, `/${language}/person`, { ...FORM, ...changes });
  return headers.location ?? '';
}

describe('the officers’ pages are accessible', function () {
  this.timeout(IS_FULL ? 1_800_000 : 240_000);
  let pages: PageDesk;
  let chromium: Chromium;
  let page: Page;
  let officer: Browser;
  before(async function () {
    chromium = await openChromium(this);
    pages = await openDeskWithPages(LOOPBACK_ORIGIN);
    const { log, database } = pages.desk;
    await log.append(ACTED);
    await log.append(completionDraft('00000000-0000-4000-8000-00000000000d'));
    await database.ownerSql.query("UPDATE audit_entry SET purpose = 'other' WHERE index = 5");
    for (let nth = 0; nth < 60; nth += 1)
      await log.append(
        intentDraft(`00000000-0000-4000-8000-0000000001${String(nth).padStart(2, '0')}`, { subjects: [CITIZEN] }),
      );
    page = await chromium.newPage();
    officer = await signedIn('local');
  });
  after(async () => {
    await chromium?.close();
    await pages?.desk.close();
  });
  beforeEach(() => pages.desk.reset());

  async function signedIn(name: string): Promise<Browser> {
    const browser = pages.browser();
    await browser.signIn(name);
    return browser;
  }

  async function violations(): Promise<readonly string[]> {
    await page.evaluate(axe.source);
    const { violations: found } = (await page.evaluate(
      `axe.run(document, { runOnly: ${JSON.stringify(TAGS)}, resultTypes: ['violations'] })`,
    )) as AxeResults;
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  }

  /** What makes a page wider than its window. What scrolls inside itself does not. */
  async function tooWide(): Promise<readonly string[]> {
    return (await page.evaluate(`(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      const isBeyond = (part) => part.getBoundingClientRect().right > clientWidth;
      const beyond = [...document.querySelectorAll('body *')].filter(isBeyond).map((part) => part.outerHTML.slice(0, 200));
      return scrollWidth > clientWidth ? ['the page', ...beyond] : [];
    })()`)) as readonly string[];
  }

  async function check(
    what: string,
    turn: number,
    pathIn: (language: Language) => Promise<string>,
    by?: Browser,
  ): Promise<void> {
    const languages = IS_FULL ? LANGUAGES : LANGUAGES.filter((_, nth) => nth === turn % LANGUAGES.length);
    for (const language of languages) {
      const path = await pathIn(language);
      for (const width of IS_FULL ? WIDTHS : WIDTHS.filter((_, nth) => nth === turn % WIDTHS.length)) {
        await openAs(page, pages, path, by, width);
        const about = `${what}, ${language}, ${width}`;
        expect(await page.evaluate('document.documentElement.lang'), about).to.equal(language);
        expect(await violations(), about).to.deep.equal([]);
        expect(await tooWide(), `${about}: wider than the window`).to.deep.equal([]);
      }
      await pages.desk.reset();
    }
  }

  for (const [turn, [what, pathIn]] of Object.entries(PAGES).entries())
    it(what, () => check(what, turn, (language) => pathIn(officer, language), officer));

  it('signing in and out', async () => {
    await check('sign-in', 0, async (language) => `/${language}/sign-in`);
    await check('signed out', 1, async (language) => `/${language}/signed-out`);
  });

  it('approvals that wait, one and many, and those that were asked', async () => {
    const second = await signedIn('colleague');
    const asked = async (many: number, language: Language): Promise<string> => {
      for (let nth = 0; nth < many; nth += 1) await askApproval(pages.desk, { ...ABOUT_OFFICER, limit: 50 + nth });
      return `/${language}/approvals`;
    };
    await check('one waits', 0, (language) => asked(1, language), second);
    await check('many wait', 1, (language) => asked(3, language), second);
    await check('mine', 2, (language) => asked(3, language), officer);
  });

  it('in a window of 320 pixels nothing is cut (WCAG 1.4.10)', async () => {
    await openAs(page, pages, '/en/search?agency=housing&since=2026-11-20', officer, 320);
    expect(await tooWide()).to.deep.equal([]);
  });
});
