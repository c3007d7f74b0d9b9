import { setTimeout as sleep } from 'node:timers/promises';
import type { Access } from '../gateway/cli/client/access.js';
import { figures } from './figures.js';
import { startInferenceSystem, type InferenceSystem, type Kind } from './inference/system.js';
import { rankSumTest, signedRankTest } from './rank-tests.js';

/**
 * Whether time tells what answers do not: questions about a protected person beside those about a number that no one
 * has, with consents in force for both; and documents with a field that the caller cannot see beside those with a field
 * that there is not. Pairs are asked one after the other, each first in every other pair.
 * `npm run bench:inference [-- protected | hidden]`
 *
 * p is how likely such a difference is if there is none; the effect, how likely the first takes longer than the second.
 * Two comparisons show what the test can see: two numbers that no one has, and a person beside a number of no one.
 *
 * `PAIRS` (500).
 */

const PAIRS = Number(process.env['PAIRS'] ?? 500);
const WARM_UP = 50;
/** Shorter than tokens are valid. */
const PAIRS_PER_TOKEN = 250;

/** A question as it is sent. */
interface Question {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly caseNumber: string;
  readonly accept: string;
}

/** Two questions that should not be told apart; one after the other they are asked as question of their pair. */
interface Comparison {
  readonly name: string;
  readonly questions: (pair: number) => readonly [Question, Question];
}

const ACCEPTED = ['application/json', 'application/graphql-response+json', '*/*'] as const;
const [JSON_ANSWER] = ACCEPTED;

const PROPERTY = `query Property($iin: Iin!) {
  citizen(iin: $iin) { iin lands { cadastralNumber area } buildings { cadastralNumber } vehicles { plate } }
}`;
const FAMILY = `query Family($iin: Iin!) {
  citizen(iin: $iin) { iin lastName birthDate spouse { lastName } children { lastName birthDate } registration { city } }
}`;

function protectedComparisons({ people }: InferenceSystem): readonly Comparison[] {
  const about = (kind: Kind, query: string): Question => {
    const { iin, caseNumber } = people[kind];
    return { query, variables: { iin }, caseNumber, accept: JSON_ANSWER };
  };
  const pair = (name: string, query: string, one: Kind, other: Kind): Comparison => ({
    name: `${name}: ${one} beside ${other}`,
    questions: () => [about(one, query), about(other, query)],
  });
  return [
    pair('by consent', PROPERTY, 'protected', 'unknown'),
    pair('by law', FAMILY, 'protected', 'unknown'),
    pair('by consent', PROPERTY, 'unknown too', 'unknown'),
    pair('by consent', PROPERTY, 'ordinary', 'unknown'),
  ];
}

/** Fields that the housing authority cannot see, each beside one that there is not, of the same length and place. */
const HIDDEN_FIELDS = [
  ['taxpayerStatus', 'taxpayerStatuz'],
  ['incomes(months: 12) { month amount }', 'incomez(months: 12) { month amount }'],
  ['directorships { role since }', 'directorshipz { role since }'],
] as const;

function hiddenComparisons({ people }: InferenceSystem): readonly Comparison[] {
  const { iin, caseNumber } = people.ordinary;
  const asked = (field: string, accept: string): Question => ({
    query: `query Hidden($iin: Iin!) { citizen(iin: $iin) { iin lastName ${field} } }`,
    variables: { iin },
    caseNumber,
    accept,
  });
  return ACCEPTED.flatMap((accept) =>
    HIDDEN_FIELDS.map(([hidden, absent]) => ({
      name: `${accept}: ${hidden.split(/\W/)[0] ?? ''} beside ${absent.split(/\W/)[0] ?? ''}`,
      questions: () => [asked(hidden, accept), asked(absent, accept)] as const,
    })),
  );
}

const PARTS: Readonly<Record<string, (system: InferenceSystem) => readonly Comparison[]>> = {
  protected: protectedComparisons,
  hidden: hiddenComparisons,
};

async function main(names: readonly string[]): Promise<void> {
  if (!names.every((name) => name in PARTS)) throw new Error(`parts: ${Object.keys(PARTS).join(', ')}`);
  const system = await startInferenceSystem();
  try {
    console.log(`${PAIRS} pairs, one question at a time`);
    console.log('| what | answers | medians, ms | p by ranks | p by pairs | effect |');
    console.log('|---|---|---|---|---|---|');
    for (const name of names.length > 0 ? names : Object.keys(PARTS))
      for (const comparison of PARTS[name]?.(system) ?? []) console.log(await compare(comparison, system));
  } finally {
    await system.stop();
  }
}

async function compare({ name, questions }: Comparison, system: InferenceSystem): Promise<string> {
  const taken: [number[], number[]] = [[], []];
  const answers: [Set<string>, Set<string>] = [new Set(), new Set()];
  let ask = await asker(system);
  for (let pair = -WARM_UP; pair < PAIRS; pair += 1) {
    if (pair > 0 && pair % PAIRS_PER_TOKEN === 0) ask = await asker(system);
    const asked = questions(pair);
    for (const side of pair % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const { ms, answer } = await ask(asked[side]);
      answers[side].add(answer);
      if (pair >= 0) taken[side].push(ms);
    }
  }
  const [one, other] = taken;
  const bySum = rankSumTest(one, other);
  const byPair = signedRankTest(one, other);
  const alike = answers[0].size === 1 && answers[1].size === 1 && [...answers[0]][0] === [...answers[1]][0];
  return `| ${name} | ${alike ? 'alike' : `differ (${answers[0].size}, ${answers[1].size})`} | ${figures(one).p50.toFixed(2)}, ${figures(other).p50.toFixed(2)} | ${probability(bySum.p)} | ${probability(byPair.p)} | ${bySum.effect.toFixed(3)} |`;
}

const probability = (p: number): string => (p < 0.001 ? p.toExponential(1) : p.toFixed(3));

/** Returns how to ask, each case with a token of its own. */
async function asker(
  system: InferenceSystem,
): Promise<(question: Question) => Promise<{ readonly ms: number; readonly answer: string }>> {
  const known = new Map<string, Access>();
  return async ({ query, variables, caseNumber, accept }) => {
    let access = known.get(caseNumber);
    if (access === undefined) known.set(caseNumber, (access = await system.access(caseNumber)));
    const request = {
      method: 'POST',
      headers: new Headers({ 'content-type': 'application/json', accept }),
      body: JSON.stringify({ query, variables }),
    };
    // What the last answer left to do does not disturb this question.
    await sleep(1);
    const startedAt = performance.now();
    const response = await access.fetch('/graphql', request);
    const text = await response.text();
    return { ms: performance.now() - startedAt, answer: withoutIds(response, text) };
  };
}

/** What differs between any two answers: when and under which name they were made, and the place in the log. */
const CHANGING = /"(requestId|leafHash|salt|log|retrievedAt|consentRequest)":"[^"]*"|"(index)":\d+/g;

/** Returns an answer to the byte, but for what differs between any two. The length is that of the body. */
function withoutIds({ status, headers }: Response, text: string): string {
  const kept = [...headers].filter(([name]) => name !== 'date' && name !== 'content-length');
  const body = text.replaceAll(CHANGING, (_, name: string | undefined, number: string) => `"${name ?? number}":-`);
  return JSON.stringify([status, kept, body]);
}

await main(process.argv.slice(2));
