import fc from 'fast-check';
import { journeys, type Journey } from './changes.js';
import { opinionOf, type Opinion } from './opinions.js';
import { KEYS, signedMessages, type KeyName, type SignedMessage } from './signed-messages.js';

/** A message as it arrives, and what this gateway says of it. */
export interface Arrival {
  readonly sent: SignedMessage;
  readonly journey: Journey;
  readonly text: string;
  readonly key: KeyName;
  readonly opinion: Opinion;
}

/** Why a message may be refused here that another implementation accepts. */
export interface Justified {
  readonly reason: string;
  /** Of what was done to the message. */
  readonly kinds: RegExp;
  readonly because: string;
}

/** Returns messages of a style as they arrive: the same for the same seed. */
export async function arrivals(
  style: 'any' | 'widespread',
  { messages, seed }: { readonly messages: number; readonly seed: number },
): Promise<readonly Arrival[]> {
  const samples = fc.sample(fc.tuple(signedMessages(style), journeys(style)), { numRuns: messages, seed });
  const all: Arrival[] = [];
  for (const [sent, journey] of samples) {
    const text = journey.apply(sent.text);
    const { key } = sent;
    all.push({ sent, journey, text, key, opinion: await opinionOf(text, KEYS[key].publicKey) });
  }
  return all;
}

/** Says what was done to a message, for one that fails a test. */
export function said({ sent, journey, text, opinion }: Arrival): string {
  return `${opinion.refused ?? 'accepted'}: ${journey.kinds.join(' + ')} (${sent.kinds.join(', ')})\n${text}`;
}

/** Returns those that are refused here, accepted there, and not justified. */
export function unjustified(
  refused: readonly Arrival[],
  isAcceptedThere: (one: Arrival) => boolean,
  justified: readonly Justified[],
): readonly string[] {
  return refused
    .filter(
      ({ opinion, journey }) =>
        !justified.some(
          ({ reason, kinds }) => reason === opinion.refused && journey.kinds.some((one) => kinds.test(one)),
        ),
    )
    .filter(isAcceptedThere)
    .map(said);
}
