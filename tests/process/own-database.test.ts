import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { SUPPORTED_FAMILY } from '../../demo/country/people.js';
import { freePort } from '../../demo/free-port.js';
import { startCountry, type RunningCountry } from '../../demo/start.js';
import { accessForSystem } from '../../gateway/cli/client/access.js';
import { readProfile } from '../../gateway/cli/client/profile.js';
import { packageRoot } from '../../gateway/state/package-root.js';
import { startEmbedded, type ConnectionSettings, type EmbeddedServer } from '../../gateway/state/embedded/server.js';
import { createSql } from '../../gateway/state/pool.js';
import { commandLine } from '../gateway/cli/command-line.js';
import { copyCluster, copyCountry } from '../made-once.js';
import { runTereze } from './program.js';

const HOST = '127.0.0.1';
const { applicant, caseNumber } = SUPPORTED_FAMILY;

/** `DATABASE_URL`: any PostgreSQL; here one of our own that listens on TCP, as theirs would. */
describe('a gateway on a database of the installation’s own', function () {
  this.timeout(60_000);
  let directory: string;
  let country: RunningCountry;
  let server: EmbeddedServer;
  let environment: NodeJS.ProcessEnv;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tereze-own-'));
    const port = await freePort(HOST);
    await copyCluster(join(directory, 'server'));
    await copyCountry(join(directory, 'country'));
    server = await startEmbedded({ directory: join(directory, 'server'), tcp: { port } });
    const owner = createSql({ connection: server.owner, maxConnections: 1 });
    await owner.query(`CREATE ROLE gateway_user LOGIN PASSWORD 'p%40ss'`);
    await owner.close();
    const url = ({ user, password }: Pick<ConnectionSettings, 'user' | 'password'>): string =>
      `postgresql://${user}:${encodeURIComponent(password)}@${HOST}:${port}/postgres`;
    environment = {
      DATABASE_URL: url({ user: 'gateway_user', password: 'p%40ss' }),
      DATABASE_ADMIN_URL: url(server.owner),
    };
    country = await startCountry({ directory: join(directory, 'country'), ports: 'free' });
  });
  after(async () => {
    await (country as RunningCountry | undefined)?.stop();
    await (server as EmbeddedServer | undefined)?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('does not start before its schema is there, and says what to run', async () => {
    const program = runTereze(['serve', '--config', country.config], environment);
    expect(await program.exit).to.equal(1);
    expect(program.said().error).to.match(/lacks .+\nRun `tereze db migrate` with DATABASE_ADMIN_URL set\./);
  });

  it('is brought up to date by the owner, once', async () => {
    const migrate = async (): Promise<{ ran: string[] }> => {
      const { code, out, error } = await commandLine(['db', 'migrate', '--json', '--config', country.config], {
        environment,
      });
      expect(code, error).to.equal(0);
      return JSON.parse(out) as { ran: string[] };
    };
    expect((await migrate()).ran).to.not.deep.equal([]);
    expect((await migrate()).ran).to.deep.equal([]);
  });

  it('answers from it, as a user that can change no schema, and starts no server of its own', async () => {
    const program = runTereze(['serve', '--json', '--config', country.config], environment);
    await program.ready();
    const profile = await readProfile('social', country.clients);
    const access = await accessForSystem(profile, {
      purpose: 'proactive_support',
      case: { agency: 'social', number: caseNumber },
    });
    const { status } = await access.send('POST', '/graphql', {
      documentId: 'FamilyCard',
      variables: { iin: applicant.iin },
    });
    program.child.kill('SIGTERM');
    expect([status, await program.exit]).to.deep.equal([200, 0]);
    const owner = createSql({ connection: server.owner, maxConnections: 1 });
    // The first load of each trusted document is an act of its own.
    const { rows } = await owner.query<{ kind: string }>(
      `SELECT kind FROM audit_entry WHERE kind <> 'act' ORDER BY index`,
    );
    const rights = await owner.query<{ may: boolean }>(
      `SELECT has_schema_privilege('gateway_user', 'public', 'CREATE') OR has_table_privilege('gateway_user', 'audit_entry', 'DELETE') AS may`,
    );
    await owner.close();
    expect(rows.map(({ kind }) => kind)).to.deep.equal(['intent', 'completion']);
    expect(rights.rows[0]?.may).to.equal(false);
    expect(existsSync(join(directory, 'country', 'state'))).to.equal(false);
  });

  it('answers from several processes that share it, each with a log of its own', async () => {
    const config = join(directory, 'country', 'several.yaml');
    const written = parse(readFileSync(country.config, 'utf8')) as { readonly server: { readonly audit: object } };
    // The officers’ page keeps its sessions in one process.
    const several = { ...written.server, workers: 2, audit: { ...written.server.audit, page: undefined } };
    writeFileSync(config, stringify({ ...written, server: several }));
    const program = runTereze(['serve', '--json', '--config', config], environment);
    await program.ready();
    const access = await accessForSystem(await readProfile('social', country.clients), {
      purpose: 'proactive_support',
      case: { agency: 'social', number: caseNumber },
    });
    const statuses: number[] = [];
    const ask = async (): Promise<void> =>
      void statuses.push(
        (await access.send('POST', '/graphql', { documentId: 'FamilyCard', variables: { iin: applicant.iin } })).status,
      );
    for (let time = 0; time < 3; time += 1) await ask();
    program.child.kill('SIGHUP');
    while (program.said().error.split('"reloaded"').length < 3) await sleep(20);
    await ask();
    program.child.kill('SIGTERM');
    expect([statuses, await program.exit]).to.deep.equal([[200, 200, 200, 200], 0]);
    const owner = createSql({ connection: server.owner, maxConnections: 1 });
    const { rows } = await owner.query<{ holders: string }>(
      'SELECT count(*) AS holders FROM audit_head WHERE epoch > 0',
    );
    await owner.close();
    expect(Number(rows[0]?.holders)).to.equal(2);
  });

  it('loads no trusted document that changed before an officer approved it, which is an entry of the log', async () => {
    const operations = join(directory, 'operations');
    cpSync(join(packageRoot(), 'schemas', 'operations'), operations, {
      recursive: true,
      filter: (source) => !source.endsWith('.ts'),
    });
    const text = join(operations, 'social', 'FamilyCard.graphql');
    writeFileSync(text, readFileSync(text, 'utf8').replace('lastName', 'lastName sex'));
    const config = join(directory, 'country', 'changed.yaml');
    writeFileSync(
      config,
      `${readFileSync(country.config, 'utf8').replace(/^documents:.*(\n .*)*\n/m, '')}documents: { directory: ${operations} }\n`,
    );
    const run = async <T>(...words: readonly string[]): Promise<T> => {
      return JSON.parse((await commandLine([...words, '--json', '--config', config], { environment })).out) as T;
    };
    const stateOf = async (): Promise<unknown> =>
      (await run<{ name: string; state: string }[]>('operation', 'list')).find(({ name }) => name === 'FamilyCard')
        ?.state;

    expect(await stateOf()).to.equal('changed');
    const approved = await run<{ changes: string[]; entry: string }>(
      'operation',
      'approve',
      'FamilyCard',
      '--as',
      'officer-1',
    );
    expect(approved.changes).to.deep.equal(['~ text']);
    const [{ entry }] = await run<[{ entry: { act: string; caller: { officer: string }; documentName: string } }]>(
      'audit',
      'show',
      approved.entry,
    );
    expect([entry.act, entry.caller.officer, entry.documentName]).to.deep.equal([
      'operation_approved',
      'officer-1',
      'FamilyCard',
    ]);
    expect(await stateOf()).to.equal('approved');
    for (const [officer, code] of [
      ['officer-1', 1],
      ['880514391012', 2],
    ] as const) {
      const words = ['operation', 'approve', 'FamilyCard', '--as', officer, '--config', config];
      expect(await commandLine(words, { environment })).to.include({ code, out: '' });
    }
  });

  it('tells from its log which agency used a field', async () => {
    const words = ['schema', 'check', '--usage', '--json', '--config', country.config];
    const { code, out, error } = await commandLine(words, { environment });
    expect(code, error).to.equal(0);
    const { usage } = JSON.parse(out) as { usage: { field: string; agencies: string[] }[] };
    expect(usage.find(({ field }) => field === 'Citizen.lastName')?.agencies).to.deep.equal(['social']);
  });
});
