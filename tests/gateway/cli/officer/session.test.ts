import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CommandFailure } from '../../../../gateway/cli/command-failure.js';
import {
  keepSession,
  readSession,
  removeSession,
  sessionFile,
  type OfficerSession,
} from '../../../../gateway/cli/officer/session.js';

const NOW = new Date('2026-11-23T10:00:00.000Z');
const SESSION: OfficerSession = {
  at: 'https://audit.tereze.example',
  subject: 'officer-housing-1',
  issuer: 'https://id.example',
  clientId: 'tereze-cli',
  token: 'token',
  key: { kty: 'EC', d: 'secret' },
  publicKey: { kty: 'EC' },
  until: '2026-11-23T10:30:00.000Z',
  timeZone: 'Asia/Almaty',
  endSession: null,
};

describe('the session of an officer', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-session-'));
    file = join(folder, 'tereze', 'session.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const failure = (): string => {
    try {
      readSession(file, NOW);
      return 'none';
    } catch (error) {
      expect(error).to.be.instanceOf(CommandFailure);
      return (error as Error).message;
    }
  };

  it('is kept for its owner only, until it ends', () => {
    keepSession(file, SESSION);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(statSync(join(folder, 'tereze')).mode & 0o777).to.equal(0o700);
    expect(readSession(file, NOW)).to.deep.equal(SESSION);
    keepSession(file, { ...SESSION, until: NOW.toISOString() });
    expect(failure()).to.include('ended');
  });

  it('is not used from a file that others can read, that is damaged, or that is not there', () => {
    expect(failure()).to.include('no one is signed in');
    keepSession(file, SESSION);
    for (const mode of [0o640, 0o604, 0o660]) {
      chmodSync(file, mode);
      expect(failure()).to.include('others can read');
    }
    chmodSync(file, 0o600);
    for (const text of ['', '{', '{"version":2}', JSON.stringify({ version: 1, ...SESSION, token: undefined })]) {
      writeFileSync(file, text);
      expect(failure()).to.include('is no session');
    }
  });

  it('is removed, also one that cannot be read', () => {
    keepSession(file, SESSION);
    expect(removeSession(file)).to.deep.include({ subject: SESSION.subject });
    expect(removeSession(file)).to.equal(undefined);
    keepSession(file, SESSION);
    writeFileSync(file, '{');
    expect(removeSession(file)).to.equal(undefined);
    expect(failure()).to.include('no one is signed in');
  });

  it('lies where the environment says, else in the folder for configuration', () => {
    expect(sessionFile({ TEREZE_SESSION: '/a/b.json', XDG_CONFIG_HOME: '/c' })).to.equal('/a/b.json');
    expect(sessionFile({ XDG_CONFIG_HOME: '/c' })).to.equal('/c/tereze/session.json');
    expect(sessionFile({})).to.match(/\/\.config\/tereze\/session\.json$/);
  });
});
