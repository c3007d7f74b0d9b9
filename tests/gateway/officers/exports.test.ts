import { expect } from 'chai';
import { AuditUnavailable } from '../../../monitoring/audit/port.js';
import { SqlFailure } from '../../../schemas/ports/sql.js';
import { rejection } from '../../rejection.js';
import { CITIZEN } from '../auth/party.js';
import { parseConfig } from '../../../gateway/config/read-config.js';
import { configText, Desk, HOUSING_REQUEST, OF_SOCIAL, type Told } from './desk.js';
import { ABOUT_OFFICER, approvedExport, askApproval, EXPORT, GROUNDS } from './samples.js';

const DAY_MS = 86_400_000;
const PATH = '/audit/v1/exports';

describe('exports of officers', function () {
  this.timeout(120_000);
  let desk: Desk;
  before(async () => {
    desk = await Desk.open();
  });
  after(() => desk.close());
  beforeEach(() => desk.reset());

  const send = (body: unknown, officer = 'local'): Promise<Told> => desk.ask(officer, 'POST', PATH, { body });
  const outcome = ({ status, code, reasons }: Told): string => [status, code, ...reasons].join(' ').trim();
  const readings = async (): Promise<number> =>
    (await desk.entries()).filter(({ kind }) => kind === 'audit_read').length;
  /** What an export is refused with, after nothing was read for it and no byte of an entry left. */
  const refusalOf = async (asked: () => Promise<Told>): Promise<string> => {
    const before = await readings();
    const answer = await asked();
    expect(await readings(), 'nothing was read').to.equal(before);
    expect(answer.text).not.to.include(HOUSING_REQUEST).and.not.include('leafHash');
    expect(answer.headers['cache-control']).to.equal('no-store');
    return outcome(answer);
  };
  const linesOf = ({ text }: Told): readonly { readonly entry: { readonly caller?: { readonly agency: string } } }[] =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { entry: { caller?: { agency: string } } });

  it('leave after a second officer approved them: recorded before the first byte, and how many after', async () => {
    const body = await approvedExport(desk, 'local');
    const answer = await send(body);
    expect([answer.status, answer.headers['content-type'], answer.headers['cache-control']]).to.deep.equal([
      200,
      'application/x-ndjson',
      'no-store',
    ]);
    const lines = linesOf(answer);
    expect(answer.text).to.include(HOUSING_REQUEST);
    const [used, read, end] = (await desk.entries()).slice(-3);
    expect(used).to.deep.include({ kind: 'approval', act: 'approval_used', action: 'export' });
    const id = answer.headers['tereze-export'];
    const { approval } = body as { approval: string };
    const recorded = { act: 'audit_exported', format: 'jsonl', approval, requestId: id, reason: GROUNDS.reason };
    expect(read).to.deep.include({ kind: 'audit_read', ...recorded, case: GROUNDS.case });
    expect(read).to.have.nested.property('caller.officer', 'local');
    expect(end).to.deep.include({ kind: 'audit_read_end', requestId: id, rows: lines.length, ended: 'complete' });
  });

  for (const [format, type, begin] of [
    ['csv', 'text/csv; charset=utf-8; header=present', 'time,log,index,kind'],
    ['ocsf', 'application/x-ndjson', '{'],
  ] as const)
    it(`leave as ${format}`, async () => {
      const answer = await send(await approvedExport(desk, 'local', { ...EXPORT, format }));
      expect([answer.status, answer.headers['content-type']]).to.deep.equal([200, type]);
      expect(answer.text.startsWith(begin)).to.equal(true);
      expect(answer.text).to.include(HOUSING_REQUEST);
    });

  it('are refused without an approval, whichever roles an officer has', async () => {
    const { action: _action, ...body } = EXPORT;
    void _action;
    for (const officer of ['local', 'neighbour', 'national'])
      expect(await refusalOf(() => send(body, officer)), officer).to.equal('403 APPROVAL_REQUIRED');
    const waiting = { ...body, approval: (await askApproval(desk, EXPORT)).id };
    expect(await refusalOf(() => send(waiting)), 'asked').to.equal('403 APPROVAL_INVALID approval_not_approved');
  });

  for (const [what, changes] of [
    ['another filter', { filters: { kind: 'intent' } }],
    ['another format', { format: 'csv' }],
    ['another reason', { reason: 'quite another reason' }],
    ['another case', { case: { agency: 'housing', number: 'HQ-2' } }],
    ['a person', { person: CITIZEN }],
  ] as const)
    it(`are refused with ${what} than was approved, and leave as they were`, async () => {
      const body = await approvedExport(desk, 'local');
      expect(await refusalOf(() => send({ ...body, ...changes }))).to.equal('403 APPROVAL_INVALID approval_of_other');
      expect((await send(body)).status).to.equal(200);
    });

  it('are refused with the approval of a search, of another officer, or of none', async () => {
    const about = { ...EXPORT, filters: ABOUT_OFFICER.filters };
    const search = (await approvedExport(desk, 'local', ABOUT_OFFICER)) as { approval: string };
    const { action: _action, ...body } = about;
    void _action;
    expect(await refusalOf(() => send({ ...body, approval: search.approval }))).to.equal(
      '403 APPROVAL_INVALID approval_of_other',
    );
    const others = await approvedExport(desk, 'national');
    expect(await refusalOf(() => send(others))).to.equal('403 APPROVAL_INVALID approval_of_other');
    const none = { ...body, approval: '00000000-0000-4000-8000-0000000000ff' };
    expect(await refusalOf(() => send(none))).to.equal('403 APPROVAL_INVALID approval_of_other');
  });

  it('leave once, also when two ask at once', async () => {
    const body = await approvedExport(desk, 'local');
    const both = await Promise.all([send(body), send(body)]);
    expect(both.map(({ status }) => status).sort()).to.deep.equal([200, 403]);
    expect(await refusalOf(() => send(body))).to.equal('403 APPROVAL_INVALID approval_not_approved');
  });

  it('are not approved by the officer who asks, nor by one of another agency', async () => {
    const own = await askApproval(desk, EXPORT, 'neighbour');
    const decide = (officer: string, { id, hash }: typeof own): Promise<Told> =>
      desk.ask(officer, 'POST', `/audit/v1/approvals/${id}/approve`, { body: { hash } });
    expect(outcome(await decide('neighbour', own))).to.equal('404 NOT_FOUND');
    expect(outcome(await decide('colleague', own))).to.equal('404 NOT_FOUND');
    const { action: _action, ...body } = EXPORT;
    void _action;
    const sent = { ...body, approval: own.id };
    expect(await refusalOf(() => send(sent, 'neighbour'))).to.equal('403 APPROVAL_INVALID approval_not_approved');
  });

  it('are refused 24 hours after they were asked for', async () => {
    const body = await approvedExport(desk, 'local');
    desk.clock.advance(DAY_MS);
    expect(await refusalOf(() => send(body))).to.equal('403 APPROVAL_INVALID approval_not_approved');
  });

  it('are refused when the second officer, or the one who exports, may do so no more', async () => {
    const body = await approvedExport(desk, 'local');
    const people = {
      local: { agency: 'housing', roles: ['search', 'export'] },
      overseer: { agency: 'integrity', roles: ['national', 'search'] },
    };
    const serve = (change: object): void =>
      desk.replace(parseConfig('tereze.yaml', configText({ ...people, ...change }), {}));
    serve({});
    expect(await refusalOf(() => send(body))).to.equal('403 APPROVAL_INVALID approval_second');
    serve({ local: { agency: 'housing', roles: ['search'] } });
    expect(await refusalOf(() => send(body))).to.equal('403 ROLE_REQUIRED role_export');
    // Who may only export asks, sees what was asked, and exports.
    serve({
      local: { agency: 'housing', roles: ['export'] },
      overseer: { agency: 'integrity', roles: ['second', 'national'] },
    });
    expect((await desk.ask('local', 'GET', '/audit/v1/approvals')).status).to.equal(200);
    expect((await send(await approvedExport(desk, 'local'))).status).to.equal(200);
    const searching = await desk.ask('local', 'POST', '/audit/v1/approvals', { body: ABOUT_OFFICER });
    expect(outcome(searching)).to.equal('403 ROLE_REQUIRED role_search');
    desk.replace(parseConfig('tereze.yaml', configText(), {}));
  });

  it('hold no entry of another agency, also behind a changed column', async () => {
    const agencies = async (officer: string, filters: object = {}): Promise<readonly (string | undefined)[]> => {
      const answer = await send(await approvedExport(desk, officer, { ...EXPORT, filters }), officer);
      expect(answer.status, answer.text).to.equal(200);
      return [...new Set(linesOf(answer).map(({ entry }) => entry.caller?.agency))].sort();
    };
    expect(await agencies('local')).to.deep.equal(['housing']);
    expect(await agencies('neighbour')).to.deep.equal(['social']);
    expect(await agencies('local', { agency: 'social' })).to.deep.equal([]);
    expect(await agencies('national')).to.include.members(['housing', 'social']);
    const change = (to: string): Promise<unknown> =>
      desk.database.ownerSql.query('UPDATE audit_entry SET agency = $1 WHERE system = $2', [to, OF_SOCIAL]);
    await change('housing');
    for (const format of ['jsonl', 'csv', 'ocsf']) {
      const { status, text } = await send(await approvedExport(desk, 'local', { ...EXPORT, format }));
      expect([status, text.includes(OF_SOCIAL)], format).to.deep.equal([200, false]);
    }
    await change('social');
  });

  it('of a person need the person again, count for the day, and name no number', async () => {
    const asked = { ...EXPORT, person: CITIZEN };
    const body = await approvedExport(desk, 'local', asked);
    const { person: _person, ...without } = body as { person: string };
    void _person;
    expect(await refusalOf(() => send(without))).to.equal('403 APPROVAL_INVALID approval_of_other');
    const answer = await send(body);
    expect(answer.text).to.include(HOUSING_REQUEST).and.not.include(CITIZEN);
    const read = (await desk.entries()).filter(({ kind }) => kind === 'audit_read').at(-1);
    expect(read).to.have.property('subjects').with.length(1);
    expect(JSON.stringify([await desk.entries(), desk.observer.lines])).not.to.include(CITIZEN);
    // One was tried with another request, and counts as well.
    const left = await approvedExport(desk, 'local', asked);
    for (let spent = 1; spent < 3; spent += 1) await send({ ...left, reason: 'quite another reason' });
    expect(await refusalOf(() => send(left))).to.equal('429 SEARCH_BUDGET_SPENT');
  });

  it('are refused while the log cannot be written or read', async () => {
    const body = await approvedExport(desk, 'local');
    desk.logSql.down();
    const unwritten = await send(body);
    desk.logSql.up();
    expect([unwritten.status, unwritten.code]).to.deep.equal([503, 'AUDIT_UNAVAILABLE']);
    expect(unwritten.text).not.to.include(HOUSING_REQUEST);
    desk.sql.down();
    const unread = await send(body);
    desk.sql.up();
    expect([unread.status, unread.code]).to.deep.equal([503, 'AUDIT_UNREADABLE']);
    expect(unread.text).not.to.include(HOUSING_REQUEST);
    expect((await send(body)).status, 'and then leave').to.equal(200);
  });

  it('are no bundle where no checkpoints are signed, and the approval stays', async () => {
    const body = await approvedExport(desk, 'local', { ...EXPORT, format: 'bundle' });
    expect(await refusalOf(() => send(body))).to.equal('503 AUDIT_UNREADABLE');
    const { approval } = body as { approval: string };
    const { asked } = (await desk.ask('local', 'GET', '/audit/v1/approvals')).body as {
      asked: { id: string; state: string }[];
    };
    expect(asked.find(({ id }) => id === approval)?.state).to.equal('approved');
  });

  it('send no byte if their own entry cannot be written', async () => {
    const body = await approvedExport(desk, 'local');
    const append = desk.log.append.bind(desk.log);
    desk.log.append = () => Promise.reject(new AuditUnavailable());
    const answer = await send(body).finally(() => (desk.log.append = append));
    expect([answer.status, answer.code]).to.deep.equal([503, 'AUDIT_UNAVAILABLE']);
    expect(answer.text).not.to.include(HOUSING_REQUEST);
  });

  it('have no end if how many left cannot be written, or if reading fails on the way', async () => {
    const body = await approvedExport(desk, 'local');
    const append = desk.log.append.bind(desk.log);
    desk.log.append = (draft) =>
      draft.body.kind === 'audit_read_end' ? Promise.reject(new AuditUnavailable()) : append(draft);
    const broken = await rejection(send(body)).finally(() => (desk.log.append = append));
    expect(broken).to.have.property('code', 'ECONNRESET');

    const csv = await approvedExport(desk, 'local', { ...EXPORT, format: 'csv' });
    const query = desk.sql.query.bind(desk.sql);
    desk.sql.query = (text, ...rest) =>
      text.includes('audit_entry')
        ? Promise.reject(new SqlFailure('gone', { outcome: 'not_done' }))
        : query(text, ...rest);
    const cut = await rejection(send(csv)).finally(() => (desk.sql.query = query));
    expect(cut).to.have.property('code', 'ECONNRESET');
    const end = (await desk.entries()).at(-1);
    expect(end).to.deep.include({ kind: 'audit_read_end', rows: 0, ended: 'failed' });
  });

  for (const [what, body, reasons] of [
    ['no format', { format: undefined }, 'body.format'],
    ['another format', { format: 'tiles' }, 'body.format'],
    ['no reason', { reason: undefined }, 'reason_missing'],
    ['no case', { case: undefined }, 'case_missing'],
    ['a limit', { limit: 50 }, 'body.unknown'],
    ['a number in the reason', { reason: `about ${CITIZEN}` }, 'reason_identity_number'],
    ['an unknown log', { filters: { log: 'log.example.com/tereze/0' } }, 'unknown_log'],
  ] as const)
    it(`are neither asked for nor made with ${what}`, async () => {
      const asked = { ...EXPORT, ...body };
      const { action: _action, ...sent } = asked;
      void _action;
      const expected = `400 AUDIT_REQUEST_INVALID ${reasons}`;
      expect(outcome(await desk.ask('local', 'POST', '/audit/v1/approvals', { body: asked }))).to.equal(expected);
      expect(await refusalOf(() => send(sent))).to.equal(expected);
    });
});
