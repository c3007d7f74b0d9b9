import { expect } from 'chai';
import fc from 'fast-check';
import { createVerifier } from '../../adapters/soap/signing/verifier.js';
import { opinionOf } from '../adapters/soap/signing/differential/opinions.js';
import { KEYS, NOW, signedMessages } from '../adapters/soap/signing/differential/signed-messages.js';
import { stepsOf } from './steps.js';

/** Inputs in a run; `FUZZ_INPUTS` asks for more, `FUZZ_SEED` for the same again. */
const INPUTS = Number(process.env['FUZZ_INPUTS'] ?? 1_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(Date.now() / 1000));
const TIMEOUT_MS = 600_000;
/** Looks at a character of a message, for each of its characters. One pass, its canonical form and digests need a few. */
const MAX_STEPS = 25;

const BYTES = [
  '<',
  '>',
  '/',
  '"',
  "'",
  '&',
  ';',
  '#',
  '!',
  '[',
  ']',
  '-',
  '?',
  ':',
  '=',
  ' ',
  '\n',
  '\0',
  '\u00a0',
  '\ud83d',
];

/** One edit: something left out, put in, said twice, moved, or taken from another message. */
type Edit = (message: string, other: string) => string;

/** A place: anywhere, or at the beginning of a tag. */
const place = fc.tuple(fc.nat(), fc.boolean());

function at(message: string, [number, isTag]: readonly [number, boolean]): number {
  const anywhere = number % (message.length + 1);
  return isTag ? Math.max(0, message.lastIndexOf('<', anywhere)) : anywhere;
}

const edit: fc.Arbitrary<Edit> = fc
  .record({
    kind: fc.constantFrom('cut', 'truncate', 'bytes', 'twice', 'move', 'splice', 'other end'),
    from: place,
    to: place,
    target: place,
    bytes: fc.array(fc.constantFrom(...BYTES), { minLength: 1, maxLength: 4 }).map((all) => all.join('')),
  })
  .map(({ kind, from, to, target, bytes }): Edit => (message, other) => {
    const [start, end] = [at(message, from), at(message, to)].sort((one, two) => one - two) as [number, number];
    const [piece, without] = [message.slice(start, end), message.slice(0, start) + message.slice(end)];
    const into = at(without, target);
    if (kind === 'cut') return without;
    if (kind === 'truncate') return message.slice(0, start);
    if (kind === 'bytes') return message.slice(0, start) + bytes + message.slice(start + (target[0] % 3));
    if (kind === 'twice') return message.slice(0, end) + piece + message.slice(end);
    if (kind === 'move') return without.slice(0, into) + piece + without.slice(into);
    const [otherStart, otherEnd] = [at(other, from), at(other, target)].sort((one, two) => one - two) as [
      number,
      number,
    ];
    if (kind === 'splice') return message.slice(0, start) + other.slice(otherStart, otherEnd) + message.slice(end);
    return message.slice(0, start) + other.slice(otherStart);
  });

describe('random text in place of a signed message', function () {
  this.timeout(TIMEOUT_MS);
  const corpus = fc.sample(signedMessages('any'), { numRuns: 20, seed: SEED });

  it(`is refused, or is what was signed, in bounded steps: ${INPUTS} inputs, seed ${SEED}`, async () => {
    const input = fc.record({
      message: fc.constantFrom(...corpus),
      other: fc.constantFrom(...corpus),
      edits: fc.array(edit, { minLength: 1, maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(input, async ({ message, other, edits }) => {
        const text = edits.reduce((changed, apply) => apply(changed, other.text), message.text);
        const { publicKey } = KEYS[message.key];
        // It throws for any error that is no refusal.
        const { body } = await opinionOf(text, publicKey);
        if (body !== undefined)
          expect(corpus.filter(({ key }) => key === message.key).map((one) => one.body)).to.include(body);
        const verifier = createVerifier({ trust: publicKey, clock: { now: () => NOW } });
        const steps = await stepsOf(() => verifier.verify(text).catch(() => undefined));
        expect(steps / (text.length + 1_000)).to.be.lessThan(MAX_STEPS);
      }),
      { numRuns: INPUTS, seed: SEED, endOnFailure: true },
    );
  });

  it('takes no more steps for each character of a long one', async () => {
    const [message = { text: '', key: 'rsa' as const }] = corpus;
    const verifier = createVerifier({ trust: KEYS[message.key].publicKey, clock: { now: () => NOW } });
    const body = /<\w[^<>]*:Body\b[^<>]*>/.exec(message.text)?.[0] ?? '';
    const pieces = [
      '&amp;',
      '&',
      '<a>',
      '</a>',
      '<a x="',
      ' x=""',
      '<![CDATA[',
      '<!--',
      '<a xmlns:p="u" p:x=""/>',
      ']]>',
      '&#x',
    ];
    for (const piece of pieces)
      for (const repeated of [1_000, 20_000]) {
        const text = message.text.replace(body, () => body + piece.repeat(repeated));
        const steps = await stepsOf(() => verifier.verify(text).catch(() => undefined));
        expect(steps / text.length, `${piece} ${repeated} times`).to.be.lessThan(MAX_STEPS);
      }
  });
});
