import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  AGAIN_MS,
  Signals,
  SIGNALS,
  type ProcessKind,
  type Signal,
  type SignalledProcess,
} from '../../gateway/signals.js';
import { packageRoot } from '../../gateway/state/package-root.js';

/** A process that the test sends signals to. */
class FakeProcess implements SignalledProcess {
  readonly did: string[] = [];
  time = 0;
  terminal = false;
  readonly #listeners = new Map<Signal, () => void>();
  readonly #later: { readonly at: number; readonly work: () => void }[] = [];

  on(signal: Signal, listener: () => void): void {
    this.#listeners.set(signal, listener);
  }

  exit(code: number): void {
    this.did.push(`exit ${code}`);
  }

  now(): number {
    return this.time;
  }

  later(milliseconds: number, work: () => void): void {
    this.#later.push({ at: this.time + milliseconds, work });
  }

  hasTerminal(): boolean {
    return this.terminal;
  }

  async send(signal: Signal): Promise<void> {
    const listener = this.#listeners.get(signal);
    if (listener === undefined) this.did.push(`killed by ${signal}`);
    listener?.();
    await Promise.resolve();
  }

  async pass(milliseconds: number): Promise<void> {
    this.time += milliseconds;
    for (const { at, work } of this.#later) if (at <= this.time) work();
    await Promise.resolve();
  }
}

/** A process that serves. */
function serving(kind: ProcessKind, terminal = false): FakeProcess {
  const fake = new FakeProcess();
  fake.terminal = terminal;
  const signals = new Signals(kind, fake);
  signals.serve(() => fake.did.push('reload'));
  void signals.toldToEnd.then(() => fake.did.push('end'));
  return fake;
}

const KINDS = Object.keys(SIGNALS) as ProcessKind[];
const ALL: readonly Signal[] = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP'];

describe('signals', () => {
  for (const kind of KINDS) {
    for (const signal of ALL) {
      const action = SIGNALS[kind][signal];
      it(`make a ${kind} process ${action} at ${signal}`, async () => {
        const fake = serving(kind);
        await fake.send(signal);
        expect(fake.did).to.deep.equal(action === 'ignore' ? [] : [action]);
      });
    }
  }

  it('end a process at once that has nothing to finish yet', async () => {
    const fake = new FakeProcess();
    new Signals('serve', fake);
    await fake.send('SIGTERM');
    expect(fake.did).to.deep.equal(['exit 1']);
  });

  it('reload nothing before the process serves', async () => {
    const fake = new FakeProcess();
    new Signals('serve', fake);
    await fake.send('SIGHUP');
    expect(fake.did).to.deep.equal([]);
  });

  it('end a process at once when someone means it again', async () => {
    const fake = serving('demo');
    await fake.send('SIGINT');
    await fake.pass(AGAIN_MS - 1);
    await fake.send('SIGINT');
    expect(fake.did, 'npm passes on the same Ctrl-C').to.deep.equal(['end']);
    await fake.pass(1);
    await fake.send('SIGTERM');
    expect(fake.did).to.deep.equal(['end', 'exit 1']);
  });

  it('let a process end in order however many hang-ups a closing terminal sends', async () => {
    const fake = serving('demo');
    for (let time = 0; time < 4; time += 1) {
      await fake.send('SIGHUP');
      await fake.pass(AGAIN_MS);
    }
    expect(fake.did).to.deep.equal(['end']);
  });

  it('reload a gateway whose terminal is there, and end one whose terminal is gone', async () => {
    const fake = serving('serve', true);
    await fake.send('SIGHUP');
    await fake.pass(5_000);
    expect(fake.did).to.deep.equal(['reload']);
    fake.terminal = false;
    await fake.send('SIGHUP');
    expect(fake.did).to.deep.equal(['reload', 'end']);
  });

  it('end a gateway whose terminal goes right after the hang-up', async () => {
    const fake = serving('serve', true);
    await fake.send('SIGHUP');
    fake.terminal = false;
    await fake.pass(999);
    expect(fake.did).to.deep.equal(['reload']);
    await fake.pass(1);
    expect(fake.did).to.deep.equal(['reload', 'end']);
  });

  it('never take a gateway without a terminal for one that lost it', async () => {
    const fake = serving('serve');
    for (let time = 0; time < 3; time += 1) {
      await fake.send('SIGHUP');
      await fake.pass(5_000);
    }
    expect(fake.did).to.deep.equal(['reload', 'reload', 'reload']);
  });

  it('are in the documentation as they are in code', () => {
    const lines = readFileSync(join(packageRoot(), 'docs', 'run.md'), 'utf8').split('\n');
    const cells = (line: string): readonly string[] =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
    const head = lines.findIndex((line) => line.startsWith('| signal '));
    const [, ...kinds] = cells(lines[head] ?? '');
    expect(kinds).to.deep.equal(KINDS);
    for (const [place, signal] of ALL.entries()) {
      const [name, ...actions] = cells(lines[head + 2 + place] ?? '');
      expect(name).to.equal(signal);
      expect(actions, signal).to.deep.equal(KINDS.map((kind) => SIGNALS[kind][signal]));
    }
  });
});
