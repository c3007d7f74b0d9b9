import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import { commandLine } from '../gateway/cli/command-line.js';
import { attachEmbedded } from '../../gateway/state/embedded/server.js';
import { openOwnerSql } from '../../gateway/state/migrate-state.js';
import { serveOutside, type OutsideServer } from '../monitoring/anchors/outside-server.js';
import { citizenOf, startSystem, type Answer, type RunningSystem } from './running-system.js';

const { applicant, caseNumber } = HOUSING_FAMILY;
const CONSENT = { agency: 'housing', purpose: 'housing_queue', case: caseNumber, categories: ['property.land'] };

describe('a gateway whose log is proven outside', function () {
  this.timeout(90_000);
  let system: RunningSystem;
  const folder = mkdtempSync(join(tmpdir(), 'tereze-anchors-'));
  let owner: ReturnType<typeof openOwnerSql>;
  /** Stands before the demo's authority, and can be told to be gone. */
  let door: OutsideServer;
  let isGone = false;
  before(async () => {
    let authority = '';
    door = await serveOutside(async ({ path, headers, body }, response) => {
      if (isGone) return void response.destroy();
      const answer = await fetch(`${authority}${path}`, {
        method: 'POST',
        headers: { 'content-type': String(headers['content-type']) },
        body: Uint8Array.from(body),
      });
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
    system = await startSystem((config, { addresses }) => {
      authority = addresses.outside;
      const { anchor } = config.audit;
      if (anchor === undefined || anchor === 'none' || anchor['authority']?.kind !== 'timestamp')
        return expect.fail('the demo has a time-stamp authority');
      const behindDoor = { ...anchor['authority'], url: new URL('time-stamps', door.url).href, every_s: 1 };
      return { ...config, audit: { ...config.audit, anchor: { authority: behindDoor }, anchor_max_age: '4h' } };
    });
    owner = openOwnerSql(attachEmbedded(system.config.database.directory)?.owner ?? expect.fail('no database'));
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await owner?.close();
    await door?.close();
    await system?.stop();
  });

  const ask = async (): Promise<Answer> =>
    system.ask(await system.as('housing', 'housing_queue', caseNumber), {
      documentId: 'HousingQueue',
      variables: { iin: applicant.iin },
    });
  const citizen = async (path: string, body: unknown): Promise<Answer> =>
    system.ask(await system.citizen(applicant.iin), body, path);
  const proofs = async (): Promise<
    readonly { readonly note: string; readonly proof: Buffer; readonly size: string }[]
  > =>
    (
      await owner.query<{ readonly note: string; readonly proof: Buffer; readonly size: string }>(
        'SELECT c.note, a.proof, a.size FROM audit_anchor AS a JOIN audit_checkpoint AS c USING (log_id, size) ORDER BY a.size DESC',
      )
    ).rows;
  /** Resolves when it is so. The time limit of the test ends the wait. */
  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    while (!(await isSo())) await sleep(200);
  };
  const codeOf = ({ errors }: Answer): unknown => errors[0]?.extensions.code;
  /** Throws if the proof does not hold. */
  const verifyByOpenssl = (data: string, proof: string): void => {
    const roots = join(system.country.config, '..', 'secrets', 'time-authority.pem');
    execFileSync('openssl', ['ts', '-verify', '-data', data, '-in', proof, '-CAfile', roots], { stdio: 'ignore' });
  };
  /** Makes entries that are not proven, and that name no person, old ones. */
  const ageEntries = async (): Promise<void> => {
    await system.ask(await system.as('housing', 'housing_queue', caseNumber), { query: '{ __typename }' });
    const { count } = await owner.query(
      `UPDATE audit_entry AS e SET at = at - interval '5 hours'
       WHERE index >= (SELECT coalesce(max(size), 0) FROM audit_anchor) AND NOT EXISTS (
         SELECT FROM audit_subject AS s WHERE s.log_id = e.log_id AND s.index = e.index)`,
    );
    expect(count).to.be.greaterThan(0);
  };

  it('has proofs that openssl accepts, and receipts without a word about it', async () => {
    const { tereze } = await ask();
    expect(tereze['receipt']).to.include.keys('log', 'index').and.not.have.property('anchor');
    await until(async () => (await proofs()).length > 0);
    const [{ note, proof } = { note: '', proof: Buffer.alloc(0) }] = await proofs();
    writeFileSync(join(folder, 'checkpoint'), note);
    writeFileSync(join(folder, 'proof.tsr'), proof);
    verifyByOpenssl(join(folder, 'checkpoint'), join(folder, 'proof.tsr'));
  });

  it('is verified with its proofs, which an export writes for tools of other hands', async () => {
    const run = (...words: readonly string[]): ReturnType<typeof commandLine> =>
      commandLine(['audit', ...words, '--config', system.country.config]);
    const { code, out } = await run('verify', '--all');
    expect([code, out]).to.satisfy(() => code === 0 && /\n {2}[1-9]\d* proofs from outside hold\.\n/.test(out), out);
    await run('export', '--format', 'tiles', '--out', join(folder, 'log'), '--reason', 'copy for the auditor');
    const directory = join(folder, 'log', '0', 'anchors');
    const [tsr = ''] = readdirSync(directory).filter((name) => name.endsWith('.authority.tsr'));
    const checkpoint = `${tsr.slice(0, tsr.indexOf('.'))}.checkpoint`;
    verifyByOpenssl(join(directory, checkpoint), join(directory, tsr));
    expect(() => verifyByOpenssl(join(folder, 'log', '0', 'tile', '0', 'none'), join(directory, tsr))).to.throw();
    await owner.query(
      `UPDATE audit_anchor SET proof = set_byte(proof, 100, get_byte(proof, 100) # 1) WHERE size = $1`,
      [Number(tsr.slice(0, tsr.indexOf('.')))],
    );
    const tampered = await run('verify', '--all');
    expect(tampered.code).to.equal(1);
    expect(tampered.out).to.match(/^tereze\/0: FAULT anchor at \d+: the proof of authority /);
    await owner.query(
      `UPDATE audit_anchor SET proof = set_byte(proof, 100, get_byte(proof, 100) # 1) WHERE size = $1`,
      [Number(tsr.slice(0, tsr.indexOf('.')))],
    );
  });

  it('refuses questions while too much is unproven, takes withdrawals, and answers again with the first proof', async () => {
    const given = await citizen('/consents', CONSENT);
    const id = (given.data?.['consents'] as { readonly id: string }[])[0]?.id;
    isGone = true;
    expect((await ask()).errors.map(({ extensions }) => extensions.code)).to.not.include('AUDIT_UNAVAILABLE');
    await ageEntries();
    let refused = await ask();
    await until(async () => codeOf((refused = await ask())) === 'AUDIT_UNAVAILABLE');
    expect(refused.status).to.equal(503);
    expect(refused.errors[0]?.extensions['reasons']).to.deep.equal(['anchor_overdue']);
    expect(refused.data).to.equal(null);
    expect(await system.entries(refused.tereze.requestId), 'the refusal is recorded').to.have.length(1);
    const before = system.calls();
    await ask();
    expect(system.calls(), 'no register is asked').to.equal(before);

    const notGiven = await citizen('/consents', { ...CONSENT, categories: ['property.vehicles'] });
    expect([notGiven.status, notGiven.errors[0]?.extensions['reasons']]).to.deep.equal([503, ['anchor_overdue']]);
    const searched = await commandLine(['audit', 'list', '--limit', '1', '--config', system.country.config]);
    expect({ code: searched.code, error: searched.error }, 'a search').to.deep.equal({ code: 0, error: '' });

    const withdrawn = await citizen(`/consents/${id}/withdraw`, {});
    expect([withdrawn.status, withdrawn.errors]).to.deep.equal([200, []]);
    expect(system.gateway.readiness().status, 'or no withdrawal would arrive').to.equal('ready');
    expect(system.logged.some((line) => line.includes('audit_anchor_overdue'))).to.equal(true);

    isGone = false;
    let answered = await ask();
    await until(async () => codeOf((answered = await ask())) !== 'AUDIT_UNAVAILABLE');
    expect(citizenOf(answered)).to.include.keys('iin');
    expect(system.logged.some((line) => line.includes('audit_anchor_current'))).to.equal(true);
  });
});
