import { expect } from 'chai';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlannerProcess, PlannerProcessEnded } from '../../../../gateway/planning/planner/planner-process.js';
import type { PlannerRequest } from '../../../../gateway/planning/planner/protocol.js';
import { rejection } from '../../../rejection.js';

const EXTENSION = extname(fileURLToPath(import.meta.url));
const PROGRAM = new URL(`./failing-program${EXTENSION}`, import.meta.url);
const PARENT = new URL(`./asking-parent${EXTENSION}`, import.meta.url);
const LONG_MS = 30_000;

const plan = (document: string): PlannerRequest => ({ plan: { key: 'k', document, share: 0 } });

describe('planning: planner process', () => {
  let child: PlannerProcess;

  beforeEach(() => {
    child = new PlannerProcess(PROGRAM);
  });
  afterEach(() => child.end());

  /** The reason for which a request fails. */
  async function reasonOf(request: Promise<unknown>): Promise<string> {
    const error = await rejection(request);
    if (!(error instanceof PlannerProcessEnded)) throw error;
    return error.reason;
  }

  it('resolves with the reply, one request after another', async () => {
    expect([child.hasAnswered, child.hasEnded]).to.deep.equal([false, false]);
    expect(await child.ask({ load: { key: 'k', supergraphSdl: '' } }, LONG_MS)).to.deep.equal({
      loaded: { overridePercentages: [] },
    });
    expect(await child.ask(plan('{ a }'), LONG_MS)).to.deep.equal({ planned: {} });
    expect([child.hasAnswered, child.hasEnded]).to.deep.equal([true, false]);
  });

  for (const how of ['die', 'leave'])
    it(`rejects as a crash when the process ends at work (${how})`, async () => {
      expect(await reasonOf(child.ask(plan(how), LONG_MS))).to.equal('crash');
      expect(child.hasEnded).to.equal(true);
    });

  for (const how of ['toil', 'sleep'])
    it(`ends a process that has no reply at the deadline (${how})`, async () => {
      await child.ask(plan('{ a }'), LONG_MS);
      expect(await reasonOf(child.ask(plan(how), 100))).to.equal('deadline');
      expect(child.hasEnded).to.equal(true);
    });

  it('rejects a request to a process that has ended', async () => {
    await child.end();
    expect(await reasonOf(child.ask(plan('{ a }'), LONG_MS))).to.equal('crash');
  });

  it('rejects the request that it works on when it is ended', async () => {
    await child.ask(plan('{ a }'), LONG_MS);
    const request = reasonOf(child.ask(plan('sleep'), LONG_MS));
    await child.end();
    expect(await request).to.equal('crash');
  });

  it('may be ended twice', async () => {
    await child.end();
    await child.end();
    expect(child.hasEnded).to.equal(true);
  });

  it('does not keep its parent alive while it has no request', async () => {
    const parent = spawn(process.execPath, [...process.execArgv, fileURLToPath(PARENT), PROGRAM.href], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 15_000,
    });
    let output = '';
    parent.stdout.on('data', (data: Buffer) => (output += data.toString()));
    const [code] = (await once(parent, 'exit')) as [number | null];
    expect({ code, output }).to.deep.equal({ code: 0, output: '{"planned":{}}' });
  });
});
