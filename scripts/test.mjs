#!/usr/bin/env node
// Runs the tests in three processes at once: those that start whole gateways, or a country, mostly wait,
// the others mostly compute. With files as parameters: those only, in one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const STARTING = [
  ['dist/tests/process/*.test.js'],
  ['dist/tests/demo/*.test.js', 'dist/tests/system/start-failures.test.js'],
];
const REQUIRED = ['--no-config', '--enable-source-maps', '--require', 'dist/tests/hooks.js', '--timeout', '60000'];

const named = process.argv.slice(2);
process.exitCode = named.length > 0 ? (await run(named, 'inherit')).code : await runAll();

async function runAll() {
  // The others' reports are kept until the first has said all it has to say.
  const [first, ...others] = await Promise.all([
    run([...STARTING.flat().flatMap((specs) => ['--ignore', specs]), 'dist/tests/**/*.test.js'], 'inherit'),
    ...STARTING.map((specs) => run(specs, 'pipe')),
  ]);
  for (const { report } of others) process.stdout.write(report);
  return [first, ...others].find(({ code }) => code !== 0)?.code ?? 0;
}

async function run(specs, output) {
  const mocha = spawn(process.execPath, ['node_modules/mocha/bin/mocha.js', ...REQUIRED, ...specs], {
    cwd: ROOT,
    stdio: ['ignore', output, 'inherit'],
  });
  const report = mocha.stdout === null ? Buffer.alloc(0) : buffer(mocha.stdout);
  const [code] = await once(mocha, 'close');
  return { code: code ?? 1, report: await report };
}
