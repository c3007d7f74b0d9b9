import { expect } from 'chai';
import { ApprovalExpiry } from '../../../gateway/officers/approvals/expiry.js';
import { parseConfig } from '../../../gateway/config/read-config.js';
import { CITIZEN } from '../auth/party.js';
import { configText, Desk, type Told } from './desk.js';
import { ABOUT_OFFICER, askApproval, GROUNDS } from './samples.js';

const DAY_MS = 86_400_000;
const { filters } = ABOUT_OFFICER;

describe('approvals of a second officer', function () {
  this.timeout(120_000);
  let desk: Desk;
  before(async () => {
    desk = await Desk.open();
  });
  after(() => desk.close());
  beforeEach(() => desk.reset());

  const decide = (
    { id, hash }: { readonly id: string; readonly hash: string },
    { officer = 'colleague', act = 'approve' }: { readonly officer?: string; readonly act?: string } = {},
  ): Promise<Told> => desk.ask(officer, 'POST', `/audit/v1/approvals/${id}/${act}`, { body: { hash } });
  const search = (approval: string, changes: object = {}, officer = 'local'): Promise<Told> =>
    desk.ask(officer, 'POST', '/audit/v1/searches', { body: { filters, ...GROUNDS, approval, ...changes } });
  const story = async (id: string): Promise<readonly string[]> =>
    (await desk.entries()).flatMap((entry) =>
      entry.kind === 'approval' && entry.requestId === id
        ? [`${entry.act} ${entry.caller.officer ?? entry.caller.system}`]
        : [],
    );
  const outcome = ({ status, code, reasons }: Told): string => [status, code, ...reasons].join(' ').trim();

  it('open one search, once; each step is an entry', async () => {
    const asked = await askApproval(desk);
    const early = await search(asked.id);
    expect(outcome(early)).to.equal('403 APPROVAL_INVALID approval_not_approved');
    expect((await decide(asked)).body).to.deep.include({ state: 'approved', second: 'colleague' });
    const found = await search(asked.id);
    expect(found.status).to.equal(200);
    const read = (await desk.entries()).filter(({ kind }) => kind === 'audit_read').at(-1);
    expect(read).to.deep.include({ approval: asked.id });
    const again = await search(asked.id);
    expect(outcome(again)).to.equal('403 APPROVAL_INVALID approval_not_approved');
    expect(await story(asked.id)).to.deep.equal([
      'approval_asked local',
      'approval_given colleague',
      'approval_used local',
    ]);
  });

  describe('where the issuer says an officer’s own number', () => {
    const OTHER = '880514391012';
    const config = (claim: string) =>
      parseConfig('tereze.yaml', configText().replace('officers:\n', `officers:\n  number_claim: ${claim}\n`), {});
    before(() => desk.replace(config('own_number')));
    after(() => desk.replace(parseConfig('tereze.yaml', configText(), {})));

    const asking = (body: object, claims: object = { own_number: CITIZEN }, path = '/audit/v1/searches') =>
      desk.ask('local', 'POST', path, {
        body: { ...GROUNDS, ...body },
        claims: { ...claims, jti: JSON.stringify(claims) },
      });

    it('are needed for a search for oneself, and for no other person', async () => {
      const before = (await desk.entries()).length;
      expect(outcome(await asking({ person: CITIZEN }))).to.equal('403 APPROVAL_REQUIRED');
      expect((await desk.entries()).length, 'nothing was read').to.equal(before);
      expect((await asking({ person: OTHER })).status).to.equal(200);
      const needless = await asking({ person: OTHER, action: 'search' }, undefined, '/audit/v1/approvals');
      expect(outcome(needless)).to.equal('400 AUDIT_REQUEST_INVALID approval_not_needed');
    });

    it('open a search for oneself, and no entry or answer says so by the number', async () => {
      const asked = await asking({ person: CITIZEN, action: 'search' }, undefined, '/audit/v1/approvals');
      expect(asked.status, asked.text).to.equal(201);
      const { id, hash } = asked.body as { id: string; hash: string };
      const decided = await desk.ask('colleague', 'POST', `/audit/v1/approvals/${id}/approve`, {
        body: { hash },
        claims: { own_number: OTHER, jti: 'colleague' },
      });
      expect(decided.status).to.equal(200);
      const found = await asking({ person: CITIZEN, approval: id });
      expect(found.status, found.text).to.equal(200);
      expect([asked.text, decided.text, found.text, JSON.stringify(await desk.entries())].join()).not.to.include(
        CITIZEN,
      );
    });

    it('are not got around with a token without the number', async () => {
      for (const claims of [{}, { own_number: '' }, { own_number: '123' }, { own_number: [CITIZEN] }, { iin: CITIZEN }])
        expect(outcome(await asking({ person: OTHER }, claims)), JSON.stringify(claims)).to.equal(
          '401 UNAUTHENTICATED token_number',
        );
    });
  });

  it('are used once by two requests at once', async () => {
    const asked = await askApproval(desk);
    await decide(asked);
    const both = await Promise.all([search(asked.id), search(asked.id)]);
    expect(both.map(({ status }) => status).sort()).to.deep.equal([200, 403]);
  });

  for (const [what, changes] of [
    ['another filter', { filters: { ...filters, kind: 'intent' } }],
    ['another officer as filter', { filters: { officer: 'national' } }],
    ['another reason', { reason: 'quite another reason' }],
    ['another case', { case: { agency: 'housing', number: 'HQ-2' } }],
    ['a person', { person: CITIZEN }],
    ['more rows', { limit: 51 }],
  ] as const)
    it(`do not hold for ${what}`, async () => {
      const asked = await askApproval(desk);
      await decide(asked);
      expect(outcome(await search(asked.id, changes))).to.equal('403 APPROVAL_INVALID approval_of_other');
      expect((await search(asked.id)).status, 'and stay for what was asked').to.equal(200);
    });

  it('hold for the person that was asked for, and for no other', async () => {
    const asked = await askApproval(desk, { ...ABOUT_OFFICER, person: CITIZEN });
    await decide(asked);
    expect(outcome(await search(asked.id))).to.equal('403 APPROVAL_INVALID approval_of_other');
    expect((await search(asked.id, { person: CITIZEN })).status).to.equal(200);
    const { rows } = await desk.database.ownerSql.query(
      'SELECT officer_approval::text AS stored FROM officer_approval',
    );
    expect(JSON.stringify(rows)).not.to.include(CITIZEN);
  });

  it('hold for the officer who asked', async () => {
    const asked = await askApproval(desk);
    await decide(asked);
    for (const other of ['colleague', 'national', 'neighbour'])
      expect(outcome(await search(asked.id, {}, other))).to.equal('403 APPROVAL_INVALID approval_of_other');
    expect(outcome(await search('00000000-0000-4000-8000-0000000000ff'))).to.equal(
      '403 APPROVAL_INVALID approval_of_other',
    );
  });

  it('are given by another officer, of the same agency or national', async () => {
    const own = await askApproval(desk, ABOUT_OFFICER, 'colleague');
    expect(outcome(await decide(own, { officer: 'colleague' })), 'own').to.equal('404 NOT_FOUND');
    expect(outcome(await decide(own, { officer: 'neighbour' })), 'other agency').to.equal('404 NOT_FOUND');
    expect(outcome(await decide(own, { officer: 'national' })), 'no second').to.equal('403 ROLE_REQUIRED role_second');
    expect(outcome(await decide({ ...own, hash: '0'.repeat(64) }, { officer: 'overseer' }))).to.equal(
      '403 APPROVAL_INVALID approval_changed',
    );
    expect((await decide(own, { officer: 'overseer' })).status).to.equal(200);
    expect(await story(own.id)).to.deep.equal(['approval_asked colleague', 'approval_given overseer']);
  });

  it('that were refused, or decided before, are not decided again', async () => {
    const asked = await askApproval(desk);
    expect((await decide(asked, { act: 'refuse' })).body).to.deep.include({ state: 'refused' });
    expect(outcome(await decide(asked))).to.equal('403 APPROVAL_INVALID approval_not_asked');
    expect(outcome(await search(asked.id))).to.equal('403 APPROVAL_INVALID approval_not_approved');
    expect(await story(asked.id)).to.deep.equal(['approval_asked local', 'approval_refused colleague']);
  });

  it('end after 24 hours, with an entry', async () => {
    const [waiting, approved] = [await askApproval(desk), await askApproval(desk)];
    await decide(approved);
    desk.clock.advance(DAY_MS);
    expect(outcome(await search(approved.id))).to.equal('403 APPROVAL_INVALID approval_not_approved');
    expect(outcome(await decide(waiting))).to.equal('403 APPROVAL_INVALID approval_not_asked');
    const gauges: number[] = [];
    const observer = { ...desk.observer, gauge: (_: string, value: number) => void gauges.push(value) };
    const expiry = new ApprovalExpiry({ sql: desk.sql, log: desk.log, clock: desk.clock, observer });
    const fresh = await askApproval(desk);
    await Promise.all([expiry.look(), expiry.look()]);
    expect(gauges).to.deep.equal([1, 1]);
    expect(await story(waiting.id)).to.deep.equal(['approval_asked local', 'approval_expired tereze']);
    expect((await story(approved.id)).at(-1)).to.equal('approval_expired tereze');
    expect(await story(fresh.id)).to.have.length(1);
  });

  for (const fault of ['not_written', 'reply_lost'] as const)
    it(`are not used if the commit has this fault: ${fault}`, async () => {
      const asked = await askApproval(desk);
      await decide(asked);
      const before = (await desk.entries()).filter(({ kind }) => kind === 'audit_read').length;
      desk.logSql.failNext(fault);
      expect(outcome(await search(asked.id))).to.equal('503 AUDIT_UNAVAILABLE');
      const reads = (await desk.entries()).filter(({ kind }) => kind === 'audit_read').length;
      expect(reads, 'nothing was read').to.equal(before);
      const { rows } = await desk.database.ownerSql.query<{ state: string }>(
        'SELECT state FROM officer_approval WHERE id = $1',
        [asked.id],
      );
      const used = (await story(asked.id)).filter((step) => step.startsWith('approval_used')).length;
      expect([rows[0]?.state, used]).to.deep.equal(fault === 'not_written' ? ['approved', 0] : ['used', 1]);
    });

  it('change and are recorded together, or not at all', async () => {
    desk.logSql.down();
    const { code } = await desk.ask('local', 'POST', '/audit/v1/approvals', { body: ABOUT_OFFICER });
    desk.logSql.up();
    expect(code).to.equal('AUDIT_UNAVAILABLE');
    const { rows } = await desk.database.ownerSql.query('SELECT FROM officer_approval');
    expect(rows).to.have.length(0);
  });

  it('go forward only, also by hand', async () => {
    const asked = await askApproval(desk);
    await decide(asked);
    await search(asked.id);
    for (const change of ["state = 'approved'", "second_subject = 'x'"]) {
      const changed = desk.database.sql.query(`UPDATE officer_approval SET ${change}`).then(
        () => 'changed',
        () => 'refused',
      );
      expect(await changed, change).to.equal('refused');
    }
  });

  it('list what waits for an officer and what the officer asked', async () => {
    const asked = await askApproval(desk);
    const listed = async (officer: string): Promise<readonly [number, number]> => {
      const { body } = await desk.ask(officer, 'GET', '/audit/v1/approvals');
      const { waiting, asked: own } = body as { waiting: { id: string }[]; asked: { id: string }[] };
      return [waiting.filter(({ id }) => id === asked.id).length, own.filter(({ id }) => id === asked.id).length];
    };
    expect(await listed('local')).to.deep.equal([0, 1]);
    expect(await listed('colleague')).to.deep.equal([1, 0]);
    expect(await listed('overseer')).to.deep.equal([1, 0]);
    expect(await listed('neighbour')).to.deep.equal([0, 0]);
  });

  it('are bounded for each officer', async () => {
    for (let asked = 0; asked < 20; asked += 1) await askApproval(desk);
    const { code, reasons } = await desk.ask('local', 'POST', '/audit/v1/approvals', { body: ABOUT_OFFICER });
    expect([code, ...reasons]).to.deep.equal(['AUDIT_REQUEST_INVALID', 'approvals_open']);
  });

  for (const [what, body, reason] of [
    ['no reason', { action: 'search', filters, case: GROUNDS.case }, 'reason_missing'],
    ['no case', { action: 'search', filters, reason: GROUNDS.reason }, 'case_missing'],
    ['a search that needs none', { action: 'search', ...GROUNDS }, 'approval_not_needed'],
    ['another action', { ...ABOUT_OFFICER, action: 'erase' }, 'body.action'],
    ['a number in the reason', { ...ABOUT_OFFICER, reason: `about ${CITIZEN}` }, 'reason_identity_number'],
  ] as const)
    it(`are not asked for with ${what}`, async () => {
      const { status, reasons } = await desk.ask('local', 'POST', '/audit/v1/approvals', { body });
      expect([status, ...reasons]).to.deep.equal([400, reason]);
    });

  it('and no search takes one that it does not need', async () => {
    const asked = await askApproval(desk);
    expect(outcome(await search(asked.id, { filters: {} }))).to.equal('400 AUDIT_REQUEST_INVALID approval_not_needed');
  });

  it('do not hold when the second officer is one no more', async () => {
    const people = {
      local: { agency: 'housing', roles: ['search'] },
      colleague: { agency: 'housing', roles: ['search'] },
    };
    const asked = await askApproval(desk);
    await decide(asked);
    desk.replace(parseConfig('tereze.yaml', configText(people), {}));
    expect(outcome(await search(asked.id))).to.equal('403 APPROVAL_INVALID approval_second');
    desk.replace(parseConfig('tereze.yaml', configText(), {}));
    expect((await search(asked.id)).status).to.equal(200);
  });
});
