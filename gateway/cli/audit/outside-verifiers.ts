import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../schemas/package-root.js';
import { CommandFailure } from '../command-failure.js';

/** Where Debian's packages of Go are. */
const GO_PACKAGES = '/usr/share/gocode';

/**
 * Has both verifiers that share no code with the gateway (`docs/verify/`) look at a directory of tiles. Throws
 * `CommandFailure` unless both accept it, and if one cannot run here.
 */
export function verifyFromOutside(directory: string, keys: readonly string[]): void {
  const sources = join(packageRoot(), 'docs', 'verify');
  const folder = mkdtempSync(join(tmpdir(), 'tereze-verify-'));
  try {
    const binary = join(folder, 'verify');
    const go = { ...process.env, GO111MODULE: 'off', GOPATH: GO_PACKAGES, GOCACHE: join(folder, 'cache') };
    run('go', ['build', '-o', binary, join(sources, 'verify.go')], go);
    run('python3', [join(sources, 'verify.py'), 'tiles', directory, ...keys]);
    run(binary, ['tiles', directory, ...keys]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(program: string, words: readonly string[], env: NodeJS.ProcessEnv = process.env): void {
  const { status, stdout, stderr, error } = spawnSync(program, words, { encoding: 'utf8', env });
  if (error !== undefined)
    throw new CommandFailure(
      'failed',
      `${program} cannot run here, so the archive is not verified from outside; nothing was removed`,
      'Install python3, openssl, golang-go and golang-golang-x-mod-dev, and run the command again.',
    );
  if (status !== 0)
    throw new CommandFailure(
      'failed',
      `an outside verifier does not accept the archive; nothing was removed: ${`${stdout}${stderr}`.trim().slice(0, 300)}`,
    );
}
