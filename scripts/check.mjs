/**
 * Everything that a change must pass apart from the tests: `npm run check`. The checks run beside each other, as many at
 * once as there are processors, the longest first. A line says how each ended; a failed one shows its output and what
 * repairs it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';

/** npm scripts, by name. */
const CHECKS = [
  { script: 'lint', repair: 'npx eslint --fix . repairs some; the rest by hand (eslint.config.js says why)' },
  { script: 'format:check', repair: 'npm run format' },
  { script: 'types', repair: 'by hand' },
  { script: 'generated', repair: 'npm run generate, and commit what it wrote' },
  { script: 'imports', repair: 'move what both sides need to the lower one (docs/architecture.md, Rooms)' },
  { script: 'unused', repair: 'remove what is listed; npx knip --fix removes exports' },
  { script: 'words', repair: 'say it in other words (scripts/words.txt)' },
  { script: 'licences', repair: 'use another package; npm explain NAME says what brings it' },
];

async function run({ script, repair }) {
  const begun = performance.now();
  const child = spawn('npm', ['run', '--silent', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1).padStart(5);
  if (code === 0) {
    process.stdout.write(`ok      ${seconds} s  ${script}\n`);
    return true;
  }
  process.stdout.write(`FAILED  ${seconds} s  ${script}\n${stdout}${stderr}  To repair: ${repair}\n`);
  return false;
}

const begun = performance.now();
const waiting = [...CHECKS];
const passed = [];
const work = async () => {
  for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) passed.push(await run(check));
};
await Promise.all(Array.from({ length: availableParallelism() }, work));
process.stdout.write(`${((performance.now() - begun) / 1000).toFixed(1)} s in all\n`);
if (passed.includes(false)) process.exitCode = 1;
