import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createDurably, writeDurably } from '../../../gateway/state/durable-file.js';

describe('durable files', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tereze-durable-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const path = (): string => join(folder, 'file');

  it('are written for their owner, replace an older one, and leave no draft', () => {
    writeDurably(path(), 'one');
    writeDurably(path(), 'two');
    expect(readFileSync(path(), 'utf8')).to.equal('two');
    expect(statSync(path()).mode & 0o777).to.equal(0o600);
    expect(readdirSync(folder)).to.deep.equal(['file']);
    writeDurably(path(), 'three', 0o644);
    expect(statSync(path()).mode & 0o777).to.equal(0o644 & ~process.umask());
  });

  it('are made once: who comes later is told, and changes nothing', () => {
    createDurably(path(), 'one');
    expect(() => createDurably(path(), 'two'))
      .to.throw()
      .with.property('code', 'EEXIST');
    expect(readFileSync(path(), 'utf8')).to.equal('one');
    expect(readdirSync(folder)).to.deep.equal(['file']);
  });

  it('are not hindered by what a process that ended left behind', () => {
    writeDurably(join(folder, `file.${process.pid}.draft`), 'half');
    writeDurably(path(), 'whole');
    expect(readFileSync(path(), 'utf8')).to.equal('whole');
  });
});
