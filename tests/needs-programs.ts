import { existsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/**
 * Skips a suite, with a notice, where something of `.ci/packages` is missing. In CI it fails: there a skipped suite
 * would be a suite that no one runs.
 *
 * @param needed names of commands, or whole paths.
 */
export function needsPrograms(suite: Mocha.Context, ...needed: readonly string[]): void {
  const missing = needed.filter((one) => !isThere(one));
  if (missing.length === 0) return;
  const what = `this machine has no ${missing.join(', ')}`;
  if (process.env['CI'] !== undefined) throw new Error(`${what} (.ci/packages)`);
  process.stdout.write(`      (not tried: ${what})\n`);
  suite.skip();
}

function isThere(program: string): boolean {
  if (isAbsolute(program)) return existsSync(program);
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}
