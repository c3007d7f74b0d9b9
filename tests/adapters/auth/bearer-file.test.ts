import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { bearerFileCredentials } from '../../../adapters/auth/bearer-file.js';
import type { Credentials } from '../../../adapters/auth/port.js';
import { listeningObserver, standingClock } from '../../doubles.js';

describe('a bearer token in a file', () => {
  let folder: string;
  let file: string;
  let now: number;
  let observer: ReturnType<typeof listeningObserver>;
  let credentials: Credentials;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-bearer-'));
    file = join(folder, 'token');
    writeFileSync(file, 'first-token\n');
    now = 0;
    observer = listeningObserver();
    credentials = bearerFileCredentials({
      register: 'business',
      file,
      observer,
      clock: { ...standingClock(), monotonic: () => now },
    });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const shown = (): string | undefined => credentials.current()?.headers['Authorization'];
  /** As a tool that rotates tokens does it: the new file takes the name at once. */
  const rotate = (text: string): void => {
    writeFileSync(join(folder, 'next'), text);
    renameSync(join(folder, 'next'), file);
  };

  it('is read again within a second after it changed', () => {
    expect(shown()).to.equal('Bearer first-token');
    rotate('second-token\n');
    now = 999;
    expect(shown()).to.equal('Bearer first-token');
    now = 1_000;
    expect(shown()).to.equal('Bearer second-token');
  });

  it('is read again at once when the register refuses it', () => {
    const first = credentials.current()!;
    rotate('second-token\n');
    expect(credentials.refused(first)).to.equal(true);
    expect(shown()).to.equal('Bearer second-token');
  });

  it('is not tried once more when the file still holds the refused one', () => {
    const first = credentials.current()!;
    expect(credentials.refused(first)).to.equal(false);
    rotate('first-token\n');
    expect(credentials.refused(first)).to.equal(false);
  });

  it('stays while the file is being written or is gone, and a log line says so without its text', () => {
    writeFileSync(file, 'half of a\nsecond token');
    now = 1_000;
    expect(shown()).to.equal('Bearer first-token');
    rmSync(file);
    now = 2_000;
    expect(shown()).to.equal('Bearer first-token');
    expect(observer.lines).to.deep.equal([
      { level: 'warn', event: 'register_token_file_unusable', fields: { register: 'business' } },
      { level: 'warn', event: 'register_token_file_unusable', fields: { register: 'business' } },
    ]);
    rotate('third-token');
    now = 3_000;
    expect(shown()).to.equal('Bearer third-token');
  });

  it('must be usable at the start', () => {
    writeFileSync(file, 'one\ntwo');
    const open = (): Credentials =>
      bearerFileCredentials({ register: 'business', file, observer, clock: standingClock() });
    expect(open).to.throw(`${file} is empty, or holds more than one line of printable ASCII`);
    rmSync(file);
    expect(open).to.throw('ENOENT');
  });
});
