import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { SyslogTarget } from '../../monitoring/sinks/syslog-target.js';
import { eventsOf } from '../monitoring/sinks/events.js';
import { freePort } from '../monitoring/sinks/receiver-process.js';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from '../ports/loopback-certificate.js';
import { needsPrograms } from '../needs-programs.js';

const KILLS = 5;
const BATCHES = 40;
const BATCH = 25;

/** Debian's rsyslog with GnuTLS, as docs/export.md says that it is set up. */
describe('rsyslog', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'tereze-rsyslog-'));
  const taken = join(folder, 'taken.jsonl');
  let port: number;
  let receiver: ChildProcess | undefined;
  let target: SyslogTarget;
  before(async function () {
    needsPrograms(this, 'rsyslogd', GNUTLS_DRIVER);
    port = await freePort();
    writeFileSync(join(folder, 'cert.pem'), LOOPBACK_CERTIFICATE);
    writeFileSync(join(folder, 'key.pem'), LOOPBACK_KEY);
    writeFileSync(join(folder, 'rsyslog.conf'), configuration(folder, port, taken));
    await start();
    target = new SyslogTarget({
      ...{ host: '127.0.0.1', port, hostname: 'log.example.kz', maxBytes: 65_536, timeoutMs: 5_000 },
      tls: { tlsCa: LOOPBACK_CERTIFICATE },
    });
  });
  after(async () => {
    await target?.close();
    await end();
    rmSync(folder, { recursive: true });
  });

  async function start(): Promise<void> {
    const words = ['-n', '-f', join(folder, 'rsyslog.conf'), '-i', join(folder, 'pid')];
    rmSync(join(folder, 'pid'), { force: true });
    receiver = spawn('rsyslogd', words, { stdio: 'ignore' });
    while (!(await isListening(port))) await sleep(50);
  }

  async function end(): Promise<void> {
    if (receiver === undefined || receiver.exitCode !== null) return;
    receiver.kill('SIGKILL');
    await once(receiver, 'exit');
  }

  const idsTaken = (): readonly string[] =>
    readFileSync(taken, 'utf8')
      .split('\n')
      .flatMap((line) =>
        line.endsWith('}') ? [(JSON.parse(line) as { metadata: { uid: string } }).metadata.uid] : [],
      );

  it('takes every message as it was sent, in order', async () => {
    await target.deliver(eventsOf(0, 500));
    await until(() => existsSync(taken) && idsTaken().length >= 500);
    const lines = readFileSync(taken, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).to.deep.equal(eventsOf(0, 500));
  });

  it(`has every acknowledged message in order after it was killed ${KILLS} times`, async () => {
    rmSync(taken);
    await end();
    await start();
    let delivered = 0;
    let failures = 0;
    const killing = (async () => {
      for (let kill = 0; kill < KILLS; kill += 1) {
        const goal = ((kill + 1) * BATCHES) / (KILLS + 1);
        await until(() => delivered >= goal);
        await sleep(kill * 13);
        await end();
        await start();
      }
    })();
    while (delivered < BATCHES) {
      const batch = eventsOf(delivered * BATCH, (delivered + 1) * BATCH);
      try {
        await target.deliver(batch);
        delivered += 1;
      } catch {
        failures += 1;
        await sleep(50);
      }
    }
    await killing;
    const ids = [...new Set(idsTaken())];
    expect(ids, `${failures} failures`).to.deep.equal(eventsOf(0, BATCHES * BATCH).map(({ metadata }) => metadata.uid));
  });
});

const GNUTLS_DRIVER = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/rsyslog/lmnsd_gtls.so`;

/** Each message is written before the next is read (`queue.type="Direct"`). */
function configuration(folder: string, port: number, taken: string): string {
  return `
global(
  workDirectory="${folder}"
  maxMessageSize="64k"
  defaultNetstreamDriver="gtls"
  defaultNetstreamDriverCAFile="${folder}/cert.pem"
  defaultNetstreamDriverCertFile="${folder}/cert.pem"
  defaultNetstreamDriverKeyFile="${folder}/key.pem"
)
main_queue(queue.type="Direct")
module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon")
template(name="event" type="string" string="%msg%\\n")
ruleset(name="tereze" queue.type="Direct") {
  action(type="omfile" file="${taken}" template="event" asyncWriting="off" flushOnTXEnd="on")
}
input(type="imtcp" port="${port}" address="127.0.0.1" ruleset="tereze")
`;
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await sleep(20);
}
