import { readFileSync } from 'node:fs';
import { percentile } from './figures.js';
import { cpuOf, prepareQuestion, Recorded } from './in-process.js';

/**
 * CPU of one execution without I/O: the planned question is executed in process over answers that the
 * supergraph's services gave once. Beside it, in interleaved rounds, what no one can save: parsing
 * the same answers. The services have to run.
 * `npm run bench:executor -- SUPERGRAPH.graphql QUESTION.graphql`
 */

const ROUNDS = Number(process.env['ROUNDS'] ?? 15);
const PER_ROUND = Number(process.env['PER_ROUND'] ?? 300);
const WARM_UP = 2_000;

async function main([supergraphFile, questionFile]: readonly string[]): Promise<void> {
  if (supergraphFile === undefined || questionFile === undefined)
    throw new Error('usage: npm run bench:executor -- SUPERGRAPH.graphql QUESTION.graphql');
  const recorded = new Recorded(askOverHttp);
  const execute = await prepareQuestion({
    supergraphSdl: readFileSync(supergraphFile, 'utf8'),
    text: readFileSync(questionFile, 'utf8'),
    recorded,
  });
  const { data, errors } = await execute();
  if (data === null || errors.length > 0)
    throw new Error(`the question is not answered without errors: ${errors.map(({ message }) => message).join('; ')}`);
  const parseAnswers = async (): Promise<void> => {
    for (const text of recorded.texts) JSON.parse(text);
  };
  for (const work of [execute, parseAnswers]) await cpuOf(work, WARM_UP);
  const taken = { execute: [] as number[], parse: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    taken.execute.push(await cpuOf(execute, PER_ROUND));
    taken.parse.push(await cpuOf(parseAnswers, PER_ROUND));
  }
  report(taken, recorded.texts, JSON.stringify(data).length);
}

async function askOverHttp(url: URL, body: unknown): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.text();
}

function report(
  taken: { readonly execute: readonly number[]; readonly parse: readonly number[] },
  texts: readonly string[],
  answerBytes: number,
): void {
  const line = (name: string, values: readonly number[]): void => {
    const sorted = [...values].sort((one, other) => one - other);
    console.log(
      `${name.padEnd(24)} median ${percentile(sorted, 0.5).toFixed(0).padStart(6)} us   from ${percentile(sorted, 0).toFixed(0)} to ${percentile(sorted, 1).toFixed(0)}`,
    );
  };
  const ratios = taken.execute
    .map((execute, round) => execute / (taken.parse[round] ?? Number.NaN))
    .sort((one, other) => one - other);
  console.log(
    `CPU of one execution, ${ROUNDS} interleaved rounds of ${PER_ROUND}: ${texts.length} calls, ${texts.join('').length} characters in, ${answerBytes} out`,
  );
  line('execute, parsing included', taken.execute);
  line('parsing alone', taken.parse);
  console.log(`ratio                    median ${percentile(ratios, 0.5).toFixed(2)}`);
}

await main(process.argv.slice(2));
