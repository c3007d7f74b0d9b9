import { expect } from 'chai';
import { CITIZEN } from '../auth/party.js';
import { approvedExport, askApproval, GROUNDS } from '../officers/samples.js';
import { parseConfig } from '../../../gateway/config/read-config.js';
import { CLIENT, configText, HOUSING_REQUEST, OF_SOCIAL } from '../officers/desk.js';
import { ACTED, openDeskWithPages, withPage, type Browser, type PageDesk, type Shown } from './browser.js';

const CSP =
  "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self' https://id.example";
const PERSON = { case_agency: GROUNDS.case.agency, case_number: GROUNDS.case.number, reason: GROUNDS.reason };

/** Every journey here is one of a browser without scripts. */
describe('the officers’ pages', function () {
  this.timeout(120_000);
  let pages: PageDesk;
  let local: Browser;
  before(async () => {
    pages = await openDeskWithPages();
  });
  after(() => pages.desk.close());
  beforeEach(async () => {
    await pages.desk.reset();
    local = pages.browser();
    await local.signIn();
  });
  const entriesSince = async (before: number): Promise<readonly string[]> =>
    (await pages.desk.entries())
      .slice(before)
      .map((entry) => ('act' in entry ? `${entry.kind} ${entry.act}` : entry.kind));
  const countEntries = async (): Promise<number> => (await pages.desk.entries()).length;
  const isPage = ({ status, html, headers }: Shown, wanted = 200): void => {
    expect(status, html.slice(0, 2_000)).to.equal(wanted);
    expect(headers['content-security-policy']).to.equal(CSP);
    expect(headers['cache-control']).to.equal('no-store');
    expect(html).not.to.match(/<script(?! src="\/assets\/)|<[^>]* (?:style|on\w+)=/);
  };

  describe('signing in', () => {
    it('leads to the sign-in and back to the page that was wanted', async () => {
      const browser = pages.browser();
      const led = await browser.get('/ru/search?agency=housing');
      expect([led.status, led.headers.location]).to.deep.equal([
        303,
        '/ru/sign-in?back=%2Fru%2Fsearch%3Fagency%3Dhousing',
      ]);
      const shown = await browser.get(led.headers.location!);
      isPage(shown);
      const start = /href="(\/ru\/sign-in\/start[^"]*)"/.exec(shown.html)![1]!;
      const { headers } = await browser.get(start);
      const { searchParams } = new URL(headers.location!);
      const done = await browser.get(`/sign-in/callback?code=c&state=${searchParams.get('state')}`);
      isPage(done);
      expect(done.html).to.include('content="0; url=/ru/search?agency=housing"').and.include('lang="ru"');
      isPage(await browser.get('/ru/search?agency=housing'));
    });

    it('gives a new key in a cookie of this host only, though the browser brings one', async () => {
      const browser = pages.browser();
      browser.cookies.set('__Host-tereze-session', 'chosen-by-someone-else');
      const { headers } = await browser.signIn();
      const [session, signIn] = headers['set-cookie']!;
      expect(session).to.match(/^__Host-tereze-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
      expect(signIn).to.match(/^__Host-tereze-sign-in=; .*Max-Age=0$/);
      expect(browser.cookies.get('__Host-tereze-session')).not.to.equal('chosen-by-someone-else');
      const chosen = pages.browser();
      chosen.cookies.set('__Host-tereze-session', 'chosen-by-someone-else');
      expect((await chosen.get('/en/search')).status).to.equal(303);
    });

    it('takes a code only in the browser that began, and once begun', async () => {
      const [one, other] = [pages.browser(), pages.browser()];
      const { headers } = await one.get('/en/sign-in/start');
      const state = new URL(headers.location!).searchParams.get('state');
      for (const [browser, query] of [
        [other, `code=c&state=${state}`],
        [one, 'code=c&state=other'],
        [one, 'code=c'],
      ] as const) {
        const shown = await browser.get(`/sign-in/callback?${query}`);
        isPage(shown, 403);
        expect(shown.html).to.include('SIGN_IN_EXPIRED');
        expect(browser.cookies.has('__Host-tereze-session')).to.equal(false);
      }
    });

    it('leads to no other site', async () => {
      for (const back of [
        'https://evil.example/',
        '//evil.example',
        '/\\evil.example',
        '/en/\\x',
        '/audit/v1/entries',
      ]) {
        const { html } = await pages.browser().get(`/en/sign-in?${new URLSearchParams({ back }).toString()}`);
        expect(html, back).to.include('href="/en/sign-in/start?back=%2Fen%2Fsearch"');
      }
    });

    it('refuses who is no officer, and says whose turn it is', async () => {
      const shown = await pages.browser().signIn('stranger');
      isPage(shown, 403);
      expect(shown.html).to.include('OFFICER_NOT_REGISTERED').and.include('Бірдеңені өзіңіз өзгертуіңіз керек.');
    });

    it('refuses when the issuer does not answer', async () => {
      const browser = pages.browser();
      pages.signingIn.isDown = true;
      const shown = await browser.signIn().finally(() => (pages.signingIn.isDown = false));
      isPage(shown, 503);
      expect(shown.html).to.include('ISSUER_UNAVAILABLE');
      expect(browser.cookies.has('__Host-tereze-session')).to.equal(false);
    });

    it('ends at the issuer too, and the key is worth nothing any more', async () => {
      const key = local.cookies.get('__Host-tereze-session')!;
      const page = await local.get('/en/search');
      const out = await local.submit(page, '/en/sign-out');
      expect([out.status, out.headers.location]).to.deep.equal([
        303,
        'https://id.example/end?id_token_hint=id-of-local',
      ]);
      local.cookies.set('__Host-tereze-session', key);
      expect((await local.get('/en/search')).status).to.equal(303);
      isPage(await local.get('/signed-out'));
    });

    it('ends after 15 minutes without use, not before', async () => {
      const { clock } = pages.desk;
      for (const minutes of [14, 14]) {
        clock.advance(minutes * 60_000 + 59_000);
        expect((await local.get('/en/search')).status).to.equal(200);
      }
      clock.advance(15 * 60_000);
      expect((await local.get('/en/search')).status).to.equal(303);
    });

    it('ends with the registration', async () => {
      const browser = pages.browser();
      await browser.signIn('colleague');
      const served = (text: string): void => pages.desk.replace(withPage(parseConfig('tereze.yaml', text, {})));
      served(configText({ local: { agency: 'housing', roles: ['search'] } }));
      const shown = await browser.get('/en/search?all=1').finally(() => served(configText()));
      isPage(shown, 403);
      expect(shown.html).to.include('OFFICER_NOT_REGISTERED');
      expect((await browser.get('/en/search')).status, 'registered again').to.equal(200);
    });
  });

  describe('forms', () => {
    it('are taken only with the token of their session, from this site', async () => {
      const before = await countEntries();
      const other = pages.browser();
      await other.signIn('colleague');
      const foreign = /name="form_token" value="([^"]*)"/.exec((await other.get('/en/person')).html)![1]!;
      const own = /name="form_token" value="([^"]*)"/.exec((await local.get('/en/person')).html)![1]!;
      for (const [token, headers] of [
        ['', {}],
        [foreign, {}],
        [own, { 'sec-fetch-site': 'cross-site' }],
        [own, { 'sec-fetch-site': 'same-site' }],
      ] as const)
        for (const path of ['/en/person', '/en/approvals', '/en/sign-out']) {
          const shown = await local.post(path, { ...PERSON, person: CITIZEN, form_token: token }, headers);
          isPage(shown, 403);
          expect(shown.html).to.include('FORM_EXPIRED');
        }
      expect(await countEntries()).to.equal(before);
      isPage(await local.get('/en/person'));
    });

    it('are forms, of the size that a form has', async () => {
      const sent = { 'content-type': 'application/json' };
      expect((await local.post('/en/person', {}, sent)).status).to.equal(415);
      expect((await local.post('/en/person', { reason: 'x'.repeat(70_000) })).status).to.equal(413);
      expect((await local.post('/en/search', {})).status).to.equal(405);
    });
  });

  describe('the search', () => {
    it('asks nothing until it is asked', async () => {
      const before = await countEntries();
      isPage(await local.get('/en/search'));
      expect(await countEntries()).to.equal(before);
    });

    it('is an entry before it shows rows, as are the counts of its chart', async () => {
      const before = await countEntries();
      const shown = await local.get('/en/search?since=2026-11-20&outcome=answered');
      isPage(shown);
      expect(shown.html).to.include('<svg').and.include('href="/en/entries/0/1"').and.not.include(OF_SOCIAL);
      expect(shown.html)
        .to.include('href="/en/search?since=2026-11-20"')
        .and.include('href="/en/search?outcome=answered"');
      expect(await entriesSince(before)).to.deep.equal([
        ...['audit_read audit_searched', 'audit_read_end audit_searched'],
        ...['audit_read audit_counted', 'audit_read_end audit_counted'],
      ]);
    });

    it('shows nothing when the log cannot be written, or read', async () => {
      for (const [sql, code] of [
        [pages.desk.logSql, 'AUDIT_UNAVAILABLE'],
        [pages.desk.sql, 'AUDIT_UNREADABLE'],
      ] as const) {
        sql.down();
        const shown = await local.get('/en/search?all=1').finally(() => sql.up());
        isPage(shown, 503);
        expect(shown.html).to.include(code).and.include('The gateway’s operator must act.').and.not.include('<table');
      }
    });

    it('says on the form what is wrong with it', async () => {
      for (const [query, said] of [
        ['since=yesterday', 'Give a date as 2026-03-01.'],
        ['since=2026-11-23&until=2026-11-20', 'The begin must be before the end.'],
        [`agency=${CITIZEN}`, 'This value is not valid.'],
        ['log=nowhere/7', 'There is no such log.'],
        ['all=1&after=x', 'The address of this page is broken.'],
      ] as const) {
        const shown = await local.get(`/en/search?${query}`);
        expect(shown.status, query).to.equal(400);
        isPage(shown, 400);
        expect(shown.html, query).to.include(said).and.include('govuk-error-summary').and.not.include('id="results"');
      }
    });

    it('pages from newest to oldest, and says what is new only when it is asked', async () => {
      const first = await local.get('/en/search?agency=housing&kind=completion');
      const check = /href="([^"]*seen=[^"]*)"/.exec(first.html)![1]!.replaceAll('&amp;', '&');
      expect((await local.get(check)).html).to.include('0 new entries.');
    });
  });

  describe('the search for a person', () => {
    const search = async (
      filled: Readonly<Record<string, string>> = {},
    ): Promise<{ readonly led: Shown; readonly shown: Shown }> => {
      const led = await local.submit(await local.get('/en/person'), '/en/person', {
        ...PERSON,
        person: CITIZEN,
        ...filled,
      });
      return { led, shown: await local.get(led.headers.location!) };
    };

    it('finds, and no address or page has the number', async () => {
      const before = await countEntries();
      const { led, shown } = await search();
      expect(led.headers.location).to.match(/^\/en\/searches\/[\w-]{43}$/);
      isPage(shown);
      expect(shown.html).to.include('href="/en/entries/0/0"').and.include(GROUNDS.reason).and.not.include(CITIZEN);
      expect(await entriesSince(before)).to.deep.equal(['audit_read audit_searched', 'audit_read_end audit_searched']);
    });

    it('is known to its own session only', async () => {
      const { led } = await search();
      const other = pages.browser();
      await other.signIn('colleague');
      isPage(await other.get(led.headers.location!), 404);
      isPage(await local.get(`${led.headers.location!}?page=2`), 404);
    });

    it('says on the form what is missing, without the number', async () => {
      for (const [filled, said] of [
        [{ reason: '' }, 'Give a reason.'],
        [{ reason: 'short' }, 'The reason must have 10 to 500 characters.'],
        [{ case_agency: '', case_number: '' }, 'Give the case.'],
        [{ person: '123' }, 'This is no IIN.'],
        [{ reason: `about ${CITIZEN} it is` }, 'The reason must not hold the number of the person.'],
      ] as const) {
        const { shown } = await search(filled);
        isPage(shown, 400);
        expect(shown.html, said).to.include(said).and.not.include(`value="${CITIZEN}"`);
      }
    });

    it('needs a second officer where it is for oneself: the session knows the number that the issuer said', async () => {
      const served = (text: string): void => pages.desk.replace(withPage(parseConfig('tereze.yaml', text, {})));
      const signedIn = async (officer: string, number: string): Promise<Browser> => {
        pages.signingIn.claims = { own_number: number, jti: `${officer} ${number}` };
        const browser = pages.browser();
        await browser.signIn(officer);
        return browser;
      };
      served(configText().replace('officers:\n', 'officers:\n  number_claim: own_number\n'));
      try {
        const self = await signedIn('local', CITIZEN);
        const led = await self.submit(await self.get('/en/person'), '/en/person', { ...PERSON, person: CITIZEN });
        const refused = await self.get(led.headers.location!);
        isPage(refused, 403);
        expect(refused.html).to.include('A second officer must approve this').and.not.include(CITIZEN);
        const asked = await self.submit(refused, `${led.headers.location!}/approval`);
        expect(asked.headers.location).to.equal('/en/approvals?done=asked');
        const second = await signedIn('colleague', '880514391012');
        const waiting = await second.get('/en/approvals');
        await second.submit(waiting, /action="(\/en\/approvals\/[^/]*\/approve)"/.exec(waiting.html)![1]!);
        const mine = await self.get('/en/approvals');
        const use = /action="(\/en\/approvals\/[^/]*\/use)"/.exec(mine.html)![1]!;
        const found = await self.get((await self.submit(mine, use, { person: CITIZEN })).headers.location!);
        isPage(found);
        expect([waiting.html, mine.html, found.html].join()).to.not.include(CITIZEN);
      } finally {
        delete pages.signingIn.claims;
        served(configText());
      }
    });

    it('ends with the budget of the day', async () => {
      for (let nth = 0; nth < 3; nth += 1) isPage((await search()).shown);
      const { shown } = await search();
      isPage(shown, 429);
      expect(shown.html).to.include('SEARCH_BUDGET_SPENT').and.include('Try again after');
    });
  });

  describe('an entry', () => {
    it('shows what its bytes say, and is an entry itself', async () => {
      const before = await countEntries();
      const shown = await local.get('/en/entries/0/1');
      isPage(shown);
      expect(shown.html)
        .to.include('HQ-2026-000101')
        .and.include('Leaf hash')
        .and.include('&quot;kind&quot;:&quot;completion&quot;');
      expect(await entriesSince(before)).to.deep.equal([
        'audit_read audit_entry_read',
        'audit_read_end audit_entry_read',
      ]);
      isPage(await local.get(`/en/requests/${HOUSING_REQUEST}`));
    });

    it('of another agency is answered like one that is not there', async () => {
      const [other, none] = [await local.get('/en/entries/0/2'), await local.get('/en/entries/0/999')];
      isPage(other, 404);
      isPage(none, 404);
      const withoutIds = ({ html }: Shown): string => html.replaceAll(/[0-9a-f-]{36}|entries\/0\/\d+/g, '');
      expect(withoutIds(other)).to.equal(withoutIds(none));
    });

    it('shows texts of callers as they are, and nothing of them acts', async () => {
      const index = await pages.desk.log.append(ACTED).then(({ index: at }) => at);
      const shown = await local.get(`/en/entries/0/${index}`);
      isPage(shown);
      expect(shown.html)
        .to.include('&lt;script&gt;alert(1)&lt;/script&gt;')
        .and.include('[U+202E]')
        .and.include('[U+0007]');
      expect(shown.html).not.to.match(/[\u202e\u0007]/);
    });
  });

  describe('approvals', () => {
    it('are asked for where a search is directed at officers, given by a second officer, and used once', async () => {
      const refused = await local.get('/en/search?officer=colleague');
      isPage(refused, 403);
      const asked = await local.submit(refused, '/en/approvals', PERSON);
      expect(asked.headers.location).to.equal('/en/approvals?done=asked');
      const colleague = pages.browser();
      await colleague.signIn('colleague');
      const waiting = await colleague.get('/en/approvals');
      isPage(waiting);
      expect(waiting.html).to.include(GROUNDS.reason).and.include('Waits for me');
      const action = /action="(\/en\/approvals\/[^/]*\/approve)"/.exec(waiting.html)![1]!;
      expect((await colleague.submit(waiting, action)).headers.location).to.equal('/en/approvals?done=approve');
      const mine = await local.get('/en/approvals');
      const use = /action="(\/en\/approvals\/[^/]*\/use)"/.exec(mine.html)![1]!;
      const led = await local.submit(mine, use);
      isPage(await local.get(led.headers.location!));
      const again = await local.get(led.headers.location!);
      isPage(again, 403);
      expect(again.html).to.include('APPROVAL_INVALID');
    });

    it('show an export with its format, and are used elsewhere', async () => {
      await approvedExport(pages.desk, 'local');
      const { html } = await local.get('/en/approvals');
      expect(html).to.include('Export of entries (jsonl)').and.not.include('/use"');
    });

    it('are not decided by who asked, or by who is no second officer', async () => {
      const { id, hash } = await askApproval(pages.desk);
      const token = /name="form_token" value="([^"]*)"/.exec((await local.get('/en/approvals')).html)![1]!;
      const shown = await local.post(`/en/approvals/${id}/approve`, { form_token: token, hash });
      isPage(shown, 403);
      expect(shown.html).to.include('ROLE_REQUIRED');
    });
  });

  it('are as the interface for each role: what it refuses, they refuse', async () => {
    for (const officer of ['archivist', 'approver', 'overseer']) {
      const browser = pages.browser();
      await browser.signIn(officer);
      const before = await countEntries();
      for (const path of ['/kk/search?all=1', '/kk/entries/0/1', `/kk/requests/${HOUSING_REQUEST}`]) {
        const shown = await browser.get(path);
        isPage(shown, 403);
        expect(shown.html).to.include('ROLE_REQUIRED');
        expect(pages.desk.counted.at(-1)).to.include({ code: 'ROLE_REQUIRED', system: CLIENT });
      }
      expect(await countEntries()).to.equal(before);
    }
  });

  it('send a style sheet that may be kept, and nothing at other addresses', async () => {
    const href = /href="(\/assets\/[^"]*css)"/.exec((await local.get('/en/search')).html)![1]!;
    const { status, headers } = await pages.browser().get(href);
    expect([status, headers['content-type'], headers['cache-control']]).to.deep.equal([
      200,
      'text/css; charset=utf-8',
      'public, max-age=31536000, immutable',
    ]);
    for (const path of ['/assets/x/page.css', '/assets/../package.json', '/xx/search', '/en/entries/0/1/2'])
      isPage(await local.get(path), 404);
  });
});
