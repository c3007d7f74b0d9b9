import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of Tereze's package.json: .sql, .graphql, .yaml and .cedar files are read from the source tree, whether code runs from it or from dist/. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('the installation of Tereze is incomplete: its package.json is missing');
    folder = parent;
  }
  return folder;
}
