import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { FileTarget } from '../../../monitoring/sinks/file-target.js';
import { rejection } from '../../rejection.js';
import { eventsOf } from './events.js';

describe('a file as a sink', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-sink-'));
    file = join(folder, 'events.jsonl');
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const lines = (): readonly unknown[] =>
    readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);

  it('gets an event a line, in order, and no one else can read it', async () => {
    const target = new FileTarget(file);
    await target.deliver(eventsOf(0, 3));
    await target.deliver(eventsOf(3, 5));
    expect(lines()).to.deep.equal(eventsOf(0, 5));
    expect(statSync(file).mode & 0o777).to.equal(0o600);
  });

  for (const torn of ['{"half', `${'x'.repeat(200_000)}`])
    it(`loses what a broken write left of a line: ${torn.length} characters`, async () => {
      const target = new FileTarget(file);
      await target.deliver(eventsOf(0, 2));
      appendFileSync(file, torn);
      await target.deliver(eventsOf(2, 3));
      expect(lines()).to.deep.equal(eventsOf(0, 3));
    });

  it('that holds half a line only begins again from nothing', async () => {
    appendFileSync(file, 'half');
    await new FileTarget(file).deliver(eventsOf(0, 1));
    expect(lines()).to.deep.equal(eventsOf(0, 1));
  });

  it('may be renamed between two batches', async () => {
    const target = new FileTarget(file);
    await target.deliver(eventsOf(0, 2));
    renameSync(file, `${file}.1`);
    await target.deliver(eventsOf(2, 3));
    expect(lines()).to.deep.equal(eventsOf(2, 3));
  });

  it('that cannot be written takes nothing', async () => {
    mkdirSync(file);
    expect(await rejection(new FileTarget(file).deliver(eventsOf(0, 1)))).to.include({ fault: 'file' });
  });
});
