import { expect } from 'chai';
import { assertWithinLimits } from '../../../gateway/planning/document/limits.js';
import { parseDocument } from '../../../gateway/planning/document/parse.js';
import { QUERIES_ONLY, validateDocument } from '../../../gateway/planning/document/validate.js';
import type { Planner } from '../../../gateway/planning/plan.js';
import { createPlanner } from '../../../gateway/planning/planner/planner.js';
import { buildPublicSchema } from '../../../schemas/catalogue/public-schema.js';
import { countedDocument, nodesIn } from './counted-document.js';
import { CATALOGUE, citizen, LIMITS, notingPlanner, preparer, refusal } from './preparing.js';

const times = (count: number, part: (position: number) => string): string =>
  Array.from({ length: count }, (_, position) => part(position)).join(' ');

/** Fragments that each spread the next one twice: 2^28 fields in a kilobyte. */
const bomb = (last: string, spread: (next: string) => string): string =>
  `${citizen('...f0')} ${times(28, (n) => `fragment f${n} on Citizen { ${spread(`...f${n + 1}`)} ${spread(`...f${n + 1}`)} }`)} fragment f28 on Citizen { ${last} }`;

/** Documents that are short to send and dear to answer, and what each is refused for. */
const HOSTILE: Readonly<Record<string, readonly [document: string, refusal: string]>> = {
  'a bomb of fragments': [bomb('sex', (next) => next), 'QUERY_TOO_COMPLEX fields'],
  'a bomb of fragments within inline fragments': [
    bomb('sex', (next) => `... on Citizen { ${next} }`),
    'QUERY_TOO_COMPLEX fields',
  ],
  'a bomb that ends in a fragment that is not there': [bomb('...nowhere', (next) => next), 'QUERY_TOO_COMPLEX fields'],
  'a bomb of fields': [
    bomb('sex', (next) => `spouse { ${next} }`).replaceAll(
      /spouse { (\.\.\.f\d+) } spouse/g,
      'spouse { $1 } x: spouse',
    ),
    'QUERY_TOO_COMPLEX depth',
  ],
  'a bomb that no operation uses': [
    `{ __typename } ${bomb('sex', (next) => next).replace('...f0', 'sex')}`,
    'QUERY_TOO_COMPLEX fields',
  ],
  'a fragment that spreads itself': [
    `${citizen('...f')} fragment f on Citizen { ...f }`,
    'GRAPHQL_VALIDATION_FAILED NoFragmentCycles',
  ],
  'fragments in a circle': [
    `${citizen('...f')} fragment f on Citizen { spouse { ...g } } fragment g on Citizen { children { ...f } }`,
    'GRAPHQL_VALIDATION_FAILED NoFragmentCycles',
  ],
  'a circle that no operation uses': [
    '{ __typename } fragment f on Citizen { ...g } fragment g on Citizen { ...f }',
    'GRAPHQL_VALIDATION_FAILED NoFragmentCycles',
  ],
  'too many fragments': [
    `${citizen('...f0')} ${times(60, (n) => `fragment f${n} on Citizen { sex }`)}`,
    'QUERY_TOO_COMPLEX fragments',
  ],
  '2000 aliases': [citizen(times(2_000, (n) => `a${n}: sex`)), 'QUERY_TOO_COMPLEX tokens'],
  '101 aliases': [citizen(times(101, (n) => `a${n}: sex`)), 'QUERY_TOO_COMPLEX aliases'],
  'aliases by way of a fragment': [
    `${citizen(times(60, (n) => `a${n}: spouse { ...f }`))} fragment f on Citizen { b: sex }`,
    'QUERY_TOO_COMPLEX aliases',
  ],
  'too many questions at once': [
    `query($iin: Iin!) { ${times(31, (n) => `a${n}: citizen(iin: $iin) { sex }`)} }`,
    'QUERY_TOO_COMPLEX root_fields',
  ],
  'too deep a question': [citizen(`${'spouse { '.repeat(14)} sex ${'}'.repeat(14)}`), 'QUERY_TOO_COMPLEX depth'],
  'depth by way of fragments': [
    `${citizen('...f0')} ${times(20, (n) => `fragment f${n} on Citizen { spouse { ...f${n + 1} } }`)} fragment f20 on Citizen { sex }`,
    'QUERY_TOO_COMPLEX depth',
  ],
  'one field over and over': [citizen('sex '.repeat(1_900)), 'QUERY_TOO_COMPLEX comparisons'],
  'a long document': [`# ${'x'.repeat(40_000)}\n${citizen('sex')}`, 'QUERY_TOO_COMPLEX bytes'],
  'a list without end': [
    `{ citizen(iin: ${'['.repeat(900)}${']'.repeat(900)}) { sex } }`,
    'GRAPHQL_VALIDATION_FAILED ValuesOfCorrectType',
  ],
  'braces without end': ['{a'.repeat(900), 'GRAPHQL_PARSE_FAILED syntax'],
};

/** Properties that may be read for each node of a document. */
const READS_PER_NODE = 300;
const SCHEMA = buildPublicSchema(CATALOGUE.publicSdl);

/** Checks a document as it is checked before planning. Fails if it is read more often than its size allows. */
async function checked(text: string): Promise<void> {
  const parsed = parseDocument(text, LIMITS);
  const document = countedDocument(parsed, nodesIn(parsed) * READS_PER_NODE);
  assertWithinLimits(document, LIMITS);
  await validateDocument(SCHEMA, document, QUERIES_ONLY);
}

describe('planning: hostile documents', () => {
  for (const [what, [document, expected]] of Object.entries(HOSTILE)) {
    it(`refuses ${what} before planning`, async () => {
      const planner = notingPlanner();
      expect(await refusal(preparer(undefined, planner).prepare(document, undefined, undefined))).to.equal(expected);
      expect(planner.given).to.deep.equal([]);
    });

    it(`reads of ${what} no more than a few times what was sent`, async () => {
      expect(await refusal(() => checked(document))).to.equal(expected);
    });
  }

  it('ends on type conditions that nest as deep as tokens allow', async () => {
    for (const open of ['... {', '... on Citizen {']) {
      const document = citizen(`${open.repeat(380)} sex ${'}'.repeat(380)}`);
      expect(await refusal(preparer().prepare(document, undefined, undefined))).to.equal('PLAN_FAILED planner');
    }
  });

  it('plans as many conditions as tokens allow, once', async () => {
    const variables = times(60, (n) => `$v${n}: Boolean!`);
    const fields = times(60, (n) => `... @include(if: $v${n}) { registration { city } vehicles { year } }`);
    const planner = createPlanner(CATALOGUE.supergraphSdl, { deadlineMs: 60_000 });
    let planned = 0;
    const counting: Planner = { ...planner, plan: (...given) => ((planned += 1), planner.plan(...given)) };
    await preparer(undefined, counting).prepare(citizen(fields, `, ${variables}`), undefined, undefined);
    expect(planned).to.equal(1);
  });
});
