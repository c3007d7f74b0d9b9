// Runs the suites of federation-gateway-audit in a folder (its own dependencies installed) against `tereze serve --ungoverned`.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const [folder, ...options] = process.argv.slice(2);
if (folder === undefined || !existsSync(join(folder, 'audit.mjs')) || !existsSync(join(folder, 'node_modules'))) {
  process.stderr.write(
    'usage: npm run conformance -- FOLDER [--suite ID]...\nFOLDER holds audit.mjs and the suites; run `npm ci` in it first.\n',
  );
  process.exit(2);
}
const gateway = `${JSON.stringify(process.execPath)} bin/tereze.js serve --supergraph {supergraph} --port {port} --ungoverned`;
const { status } = spawnSync(
  process.execPath,
  [resolve(folder, 'audit.mjs'), '--cmd', gateway, '--cwd', process.cwd(), ...options],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
