import { expect } from 'chai';
import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { postmasterPid } from '../../../gateway/state/embedded/postmaster.js';
import { askServerState } from '../../../gateway/state/embedded/readiness.js';
import { attachEmbedded, startEmbedded, type EmbeddedServer } from '../../../gateway/state/embedded/server.js';
import { createSql } from '../../../gateway/state/pool.js';
import { StateFailure } from '../../../gateway/state/state-failure.js';
import { copyCluster } from '../../made-once.js';
import { untilEnded } from '../../process/program.js';

const serverModule = join(dirname(fileURLToPath(import.meta.url)), '../../../gateway/state/embedded/server');
const moduleUrl = pathToFileURL(existsSync(`${serverModule}.js`) ? `${serverModule}.js` : `${serverModule}.ts`).href;

const KILL = `process.kill(process.pid, 'SIGKILL')`;

/** Starts a server in a process of its own and ends that process without warning. */
async function startAndDie(directory: string, how = KILL, first = ''): Promise<void> {
  const program = `import { existsSync } from 'node:fs'; import { startEmbedded } from ${JSON.stringify(moduleUrl)}; ${first} await startEmbedded({ directory: ${JSON.stringify(directory)} }); ${how};`;
  const child = spawn(process.execPath, [...process.execArgv, '--input-type=module', '--eval', program], {
    stdio: ['ignore', 'ignore', how.includes('throw') ? 'ignore' : 'inherit'],
  });
  await new Promise((resolve) => child.once('exit', resolve));
}

const failureOf = (attempt: Promise<unknown>): Promise<StateFailure> =>
  attempt.then(
    () => expect.fail('did not fail'),
    (error: unknown) => error as StateFailure,
  );

describe('embedded PostgreSQL', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'tereze-state-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  /** Starts a server for this process, and ends it. */
  const startsAndEnds = async (folder = directory): Promise<void> => {
    const server = await startEmbedded({ directory: folder });
    expect(postmasterPid(join(folder, 'data'))).to.be.a('number');
    expect(JSON.parse(readFileSync(join(folder, 'holder.json'), 'utf8'))).to.have.property('pid', process.pid);
    await server.stop();
  };

  it('keeps its data, listens on no TCP port, and leaves no process', async () => {
    const first = await startEmbedded({ directory });
    const owner = createSql({ connection: first.owner });
    await owner.query('CREATE TABLE kept (a int)');
    const { rows } = await owner.query<{ listen: string }>(
      `SELECT setting AS listen FROM pg_settings WHERE name = 'listen_addresses'`,
    );
    expect(rows[0]?.listen).to.equal('');
    await owner.close();
    await first.stop();
    expect(postmasterPid(join(directory, 'data'))).to.equal(undefined);

    const second = await startEmbedded({ directory });
    const again = createSql({ connection: second.owner });
    expect((await again.query('SELECT * FROM kept')).count).to.equal(0);
    await again.close();
    await second.stop();
  });

  it('runs below a folder that is closed to everyone else', async () => {
    const closed = join(directory, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    chmodSync(directory, 0o700);
    await startsAndEnds(join(closed, 'state'));
  });

  it('says who holds the directory, and lets the next one in afterwards', async () => {
    await copyCluster(directory);
    const first = await startEmbedded({ directory });
    const failure = await failureOf(startEmbedded({ directory }));
    expect(failure).to.be.instanceOf(StateFailure).with.property('code', 'DIRECTORY_IN_USE');
    expect(failure.message).to.include(String(process.pid));
    await first.stop();
    await startsAndEnds();
  });

  it('takes over from a process whose number was given to another since', async () => {
    await copyCluster(directory);
    writeFileSync(join(directory, 'holder.json'), JSON.stringify({ pid: process.pid, startedAt: '1' }));
    if (process.platform !== 'linux') return;
    await startsAndEnds();
  });

  it('takes over where the machine’s end left nothing of the holder’s file but the name', async () => {
    await copyCluster(directory);
    writeFileSync(join(directory, 'holder.json'), '');
    await startsAndEnds();
  });

  it('makes the cluster again where its making was interrupted', async () => {
    mkdirSync(join(directory, 'data.new'));
    writeFileSync(join(directory, 'data.new', 'PG_VERSION'), '18\n');
    await startsAndEnds();
    expect(existsSync(join(directory, 'data.new'))).to.equal(false);
  });

  it('adopts a server left behind by kill -9, and ends it', async () => {
    await copyCluster(directory);
    await startAndDie(directory);
    const left = postmasterPid(join(directory, 'data'));
    expect(left).to.be.a('number');
    const server = await startEmbedded({ directory });
    expect(server.adopted).to.equal(true);
    expect(postmasterPid(join(directory, 'data'))).to.equal(left);
    await server.stop();
    expect(postmasterPid(join(directory, 'data'))).to.equal(undefined);
  });

  it('ends its server however a process exits that is not killed', async () => {
    await copyCluster(directory);
    for (const how of ['process.exit(1)', "setImmediate(() => { throw new Error('unexpected'); })"]) {
      await startAndDie(directory, how);
      const pid = postmasterPid(join(directory, 'data'));
      if (pid !== undefined) expect(await untilEnded(pid), how).to.equal(true);
      expect(readFileSync(join(directory, 'postgres.log'), 'utf8').trim()).to.match(/database system is shut down$/);
    }
  });

  describe('that recovers', function () {
    this.timeout(60_000);
    let data: string;
    /** Makes the next start a recovery that asks an archive for what comes next, and goes on when the test says so. */
    beforeEach(async () => {
      await copyCluster(directory);
      data = join(directory, 'data');
      writeFileSync(join(data, 'recovery.signal'), '');
      appendFileSync(
        join(data, 'postgresql.auto.conf'),
        `restore_command = 'touch asked; until [ -e go ]; do sleep 0.02; done; false'\nhot_standby = off\nlog_min_messages = warning\n`,
      );
      execFileSync('chown', ['--reference', join(data, 'PG_VERSION'), join(data, 'recovery.signal')]);
    });

    /** Starts, or adopts, the server, and lets its recovery go on when it is being waited for. */
    const startThroughRecovery = async (): Promise<EmbeddedServer> => {
      let isOver = false;
      const starting = startEmbedded({ directory }).finally(() => (isOver = true));
      try {
        while (!isOver && !existsSync(join(data, 'asked'))) await sleep(10);
        const { owner } = attachEmbedded(directory) ?? expect.fail('it has ended');
        expect(await askServerState(owner)).to.equal('recovering');
      } finally {
        writeFileSync(join(data, 'go'), '');
      }
      return starting;
    };

    it('is waited for', async () => {
      const server = await startThroughRecovery();
      expect(existsSync(join(data, 'recovery.signal'))).to.equal(false);
      await server.stop();
    });

    it('is waited for by the process that adopts it', async () => {
      await startAndDie(
        directory,
        KILL,
        `setInterval(() => existsSync(${JSON.stringify(join(data, 'postmaster.pid'))}) && ${KILL}, 5);`,
      );
      // PostgreSQL makes the file before it writes its number there.
      while (postmasterPid(data) === undefined) await sleep(10);
      const left = postmasterPid(data);
      const server = await startThroughRecovery();
      expect([server.adopted, postmasterPid(data)]).to.deep.equal([true, left]);
      await server.stop();
    });
  });

  it('finds a short place for its socket when the path is too long for one', async () => {
    const deep = join(directory, 'a'.repeat(60), 'b'.repeat(60));
    await copyCluster(deep);
    const server = await startEmbedded({ directory: deep });
    expect(server.runtime.host.length).to.be.lessThan(90);
    expect(attachEmbedded(deep)?.runtime.host).to.equal(server.runtime.host);
    await server.stop();
    rmSync(readFileSync(join(deep, 'socket-folder'), 'utf8'), { recursive: true, force: true });
  });

  it('attaches to a running server only', async () => {
    expect(attachEmbedded(directory)).to.equal(undefined);
    await copyCluster(directory);
    const server = await startEmbedded({ directory });
    expect(attachEmbedded(directory)?.runtime.user).to.equal('tereze_runtime');
    await server.stop();
    expect(attachEmbedded(directory)).to.equal(undefined);
  });

  it('starts again over what an interrupted initialisation left', async () => {
    mkdirSync(join(directory, 'data'));
    writeFileSync(join(directory, 'data', 'postgresql.conf'), 'half');
    await startsAndEnds();
  });
});
