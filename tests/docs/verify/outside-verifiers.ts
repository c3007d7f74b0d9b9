import { execFileSync, spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { needsPrograms } from '../../needs-programs.js';

/** What a verifier printed, and its exit code. */
export interface Outcome {
  readonly exit: number | null;
  readonly line: string;
}

/** A verifier that shares no code with the gateway: `docs/verify/verify.py` or `docs/verify/verify.go`. */
export interface OutsideVerifier {
  readonly name: string;
  /** Runs it with these words. */
  run(...words: readonly string[]): Outcome;
}

const GO_PACKAGES = '/usr/share/gocode';

/**
 * Returns both verifiers; the one that must be compiled is in `folder`. Needs programs of
 * .ci/packages.
 */
export function openVerifiers(suite: Mocha.Context, folder: string): readonly OutsideVerifier[] {
  needsPrograms(suite, 'python3', 'openssl', 'go', join(GO_PACKAGES, 'src/golang.org/x/mod/sumdb/tlog'));
  const binary = join(folder, 'verify');
  execFileSync('go', ['build', '-o', binary, resolve('docs/verify/verify.go')], {
    env: { ...process.env, GO111MODULE: 'off', GOPATH: GO_PACKAGES },
  });
  return [
    { name: 'verify.py', run: (...words) => run('python3', ['docs/verify/verify.py', ...words]) },
    { name: 'verify.go', run: (...words) => run(binary, words) },
  ];
}

function run(program: string, words: readonly string[]): Outcome {
  const { status, stdout } = spawnSync(program, words, { encoding: 'utf8' });
  return { exit: status, line: stdout.trimEnd() };
}
