import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CommandFailure } from '../../../gateway/cli/command-failure.js';
import { createProgram } from '../../../gateway/cli/program.js';
import { ConfigError } from '../../../gateway/config/config-error.js';
import { LEAST_CONFIG } from '../config/example.js';
import { rejection } from '../../rejection.js';
import { TestTerminal } from './test-terminal.js';

describe('tereze serve', () => {
  const terminal = new TestTerminal();
  const serve = (...words: readonly string[]): Promise<unknown> =>
    rejection(createProgram(terminal).parseAsync(['node', 'tereze', 'serve', ...words]));

  for (const words of [
    ['--supergraph', 'a.graphql', '--port', '0'],
    ['--supergraph', 'a.graphql', '--ungoverned'],
    ['--supergraph', 'a.graphql', '--port', '65536', '--ungoverned'],
    ['--supergraph', 'a.graphql', '--port', 'x', '--ungoverned'],
    ['--supergraph', 'a.graphql', '--config', 'tereze.yaml', '--port', '0', '--ungoverned'],
    ['--ungoverned'],
    ['--config', 'tereze.yaml', '--port', '4000', '--ungoverned'],
    ['--port', '4000'],
  ]) {
    it(`calls ${words.join(' ')} wrong use`, async () => {
      const failure = await serve(...words);
      expect(failure).to.be.instanceOf(CommandFailure).and.include({ kind: 'usage' });
    });
  }

  it('refuses to serve a governed gateway’s configuration ungoverned, and announces nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tereze-serve-'));
    writeFileSync(join(folder, 'tereze.yaml'), LEAST_CONFIG);
    const failure = await serve('--config', join(folder, 'tereze.yaml'), '--ungoverned');
    rmSync(folder, { recursive: true });
    expect(failure).to.be.instanceOf(ConfigError);
    expect((failure as ConfigError).problems.map(({ key }) => key)).to.deep.equal([
      'authentication',
      'policies',
      'audit',
    ]);
    expect(terminal.warned).to.equal('');
  });
});
