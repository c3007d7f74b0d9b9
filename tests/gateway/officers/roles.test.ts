import { expect } from 'chai';
import { CITIZEN } from '../auth/party.js';
import { agencyOf, CLIENT, Desk, OF_SOCIAL, OFFICERS, rolesOf, SOCIAL_REQUEST } from './desk.js';
import { GROUNDS, SAMPLES } from './samples.js';

describe('the officers’ address: roles, scope and routes', function () {
  this.timeout(60_000);
  let desk: Desk;
  before(async () => {
    desk = await Desk.open();
  });
  after(() => desk.close());
  beforeEach(() => desk.reset());

  it('has a sample for each route, and no other', () => {
    const routes = desk.api.routes.map(({ method, path }) => `${method} ${path}`);
    expect(Object.keys(SAMPLES).sort()).to.deep.equal([...routes].sort());
  });

  for (const name of OFFICERS)
    it(`answers ${name} (${agencyOf(name)}: ${rolesOf(name).join(', ')}) only what role and scope allow`, async () => {
      const isNational = rolesOf(name).includes('national');
      for (const { method, path: template, roles } of desk.api.routes) {
        const sample = SAMPLES[`${method} ${template}`];
        if (sample === undefined) throw new Error(`no sample of ${template}`);
        await desk.reset();
        const asked = { path: sample.path, body: sample.body, ...(await sample.prepare?.(desk, name)) };
        const before = await desk.entries();
        const answer = await desk.ask(name, method, asked.path, { body: asked.body });
        const read = (await desk.entries()).slice(before.length);
        if (!roles.some((role) => rolesOf(name).includes(role))) {
          expect([answer.status, answer.code], template).to.deep.equal([403, 'ROLE_REQUIRED']);
          expect(read, 'nothing is read').to.deep.equal([]);
          expect(desk.counted.at(-1)).to.include({ code: 'ROLE_REQUIRED', agency: agencyOf(name), system: CLIENT });
          continue;
        }
        const isHidden = agencyOf(name) !== 'housing' && !isNational && /\{/.test(template);
        expect(answer.status, template).to.equal(isHidden ? 404 : sample.status);
        if (!isNational && agencyOf(name) === 'housing') expect(answer.text, template).not.to.include(OF_SOCIAL);
        if (!isNational && agencyOf(name) === 'social') expect(answer.text).not.to.include('"system":"housing"');
        expect(answer.headers['cache-control']).to.equal('no-store');
        const { recorded = ['audit_read', 'audit_read_end'] } = sample;
        const isDecision = sample.prepare !== undefined;
        expect(
          read.map(({ kind }) => kind),
          template,
        ).to.deep.equal(isHidden && isDecision ? [] : recorded);
        if (read.length > 0)
          expect(read[0], template).to.deep.include({
            caller: { agency: agencyOf(name), system: CLIENT, kind: 'officer', officer: name },
          });
      }
    });

  it('shows a person’s entries of all agencies to a national officer, and of the own to others', async () => {
    const search = async (name: string): Promise<readonly string[]> => {
      const { body } = await desk.ask(name, 'POST', '/audit/v1/searches', {
        body: { person: CITIZEN, filters: { kind: 'intent' }, ...GROUNDS },
      });
      const { entries } = body as { entries: { entry: { caller: { agency: string } } }[] };
      return entries.map(({ entry }) => entry.caller.agency).sort();
    };
    expect(await search('national')).to.deep.equal(['housing', 'social']);
    expect(await search('local')).to.deep.equal(['housing']);
    expect(await search('neighbour')).to.deep.equal(['social']);
  });

  it('answers what is out of scope like what is not there', async () => {
    for (const [there, absent] of [
      ['/audit/v1/entries/0/2', '/audit/v1/entries/0/999'],
      [`/audit/v1/requests/${SOCIAL_REQUEST}`, '/audit/v1/requests/00000000-0000-4000-8000-0000000000ff'],
    ] as const) {
      const answers = [await desk.ask('local', 'GET', there), await desk.ask('local', 'GET', absent)];
      expect(answers.map(({ status, code }) => [status, code])).to.deep.equal([
        [404, 'NOT_FOUND'],
        [404, 'NOT_FOUND'],
      ]);
    }
    const counts = await desk.ask('local', 'GET', `${SAMPLES['GET /audit/v1/counts']?.path ?? ''}&agency=social`);
    expect(counts.body).to.deep.equal({ hours: [] });
  });

  it('shows an agency nothing that a changed column would show it', async () => {
    const change = (to: string): Promise<unknown> =>
      desk.database.ownerSql.query('UPDATE audit_entry SET agency = $1 WHERE system = $2', [to, OF_SOCIAL]);
    await change('housing');
    const { body, text } = await desk.ask('local', 'GET', '/audit/v1/entries');
    await change('social');
    expect((body as { entries: unknown[] }).entries.length).to.be.above(0);
    expect(text).not.to.include(OF_SOCIAL);
  });

  it('refuses a search that is directed at officers without a second officer, and reads nothing', async () => {
    for (const filters of [
      { officer: 'local' },
      { officer: 'national' },
      { kind: 'audit_read' },
      { kind: 'audit_read_end' },
      { outcome: 'audit_searched' },
    ]) {
      const before = await desk.entries();
      const answer = await desk.ask('national', 'POST', '/audit/v1/searches', { body: { filters } });
      expect([answer.status, answer.code], JSON.stringify(filters)).to.deep.equal([403, 'APPROVAL_REQUIRED']);
      const query = new URLSearchParams(filters as Record<string, string>).toString();
      expect((await desk.ask('national', 'GET', `/audit/v1/entries?${query}`)).code).to.equal('APPROVAL_REQUIRED');
      expect((await desk.entries()).length).to.equal(before.length);
    }
  });

  it('counts searches for people by officer and civil day, before they are made', async () => {
    const search = (name = 'local') =>
      desk.ask(name, 'POST', '/audit/v1/searches', { body: { person: CITIZEN, ...GROUNDS } });
    expect((await search()).status).to.equal(200);
    const both = await Promise.all([search(), search()]);
    expect(both.map(({ status }) => status)).to.deep.equal([200, 200]);
    const before = (await desk.entries()).length;
    const spent = await search();
    expect([spent.status, spent.code]).to.deep.equal([429, 'SEARCH_BUDGET_SPENT']);
    // 10:00 UTC is 15:00 in Almaty: the day ends at 19:00 UTC.
    expect(spent.text).to.include('2026-11-23T19:00:00.000Z');
    expect((await desk.entries()).length).to.equal(before);
    expect((await search('national')).status, 'another officer').to.equal(200);
    expect((await desk.ask('local', 'GET', '/audit/v1/entries')).status, 'no person').to.equal(200);
    desk.clock.advance(9 * 3_600_000);
    expect((await search()).status, 'the next day').to.equal(200);
  });
});
