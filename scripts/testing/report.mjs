const SLOW_FILES = 10;
const SLOW_MS = 1_000;
const LISTED = 20;

/** Says which files are about to run: all of them by name if they are few. */
export function announce(files, what, processes) {
  const several = processes > 1 ? ` in ${processes} processes` : '';
  const names = files.length <= LISTED ? `:\n${files.map((file) => `  ${file}\n`).join('')}` : '\n';
  return `Running ${count(files.length, 'test file')} (${what})${several}${names}`;
}

/** One line for a file that has ended: how long it took, and how much of that on a processor. */
export function lineOf({ file, passed, failed, ms, cpuMs = 0 }) {
  return `${seconds(ms)} ${seconds(cpuMs)} CPU  ${failed > 0 ? `${failed} FAILED  ` : ''}${file}  (${passed})\n`;
}

/** Failures in full, slow files, and the sums; the last line is `N passed, N failed`. */
export function summary({ outcomes, problems }, ms) {
  const failing = outcomes.filter(({ failed }) => failed > 0);
  const slow = outcomes
    .filter((one) => one.ms >= SLOW_MS)
    .sort((one, other) => other.ms - one.ms)
    .slice(0, SLOW_FILES);
  const sum = (key) => outcomes.reduce((total, one) => total + one[key], 0);
  return [
    '',
    ...failing.flatMap(({ file, report }) => [`FAILED ${file}`, report.replace(/^\n+/, '')]),
    ...problems.map((problem) => `FAILED ${problem}\n`),
    ...(slow.length === 0
      ? []
      : [
          'Slowest files:',
          ...slow.map(({ file, ms: took, cpuMs = 0 }) => `${seconds(took)} ${seconds(cpuMs)} CPU  ${file}`),
          '',
        ]),
    `${count(outcomes.length, 'file')} in ${(ms / 1000).toFixed(1)} s${sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''}`,
    `${sum('passed')} passed, ${sum('failed') + problems.length} failed`,
    '',
  ].join('\n');
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1).padStart(6)} s`;
}

function count(number, thing) {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
