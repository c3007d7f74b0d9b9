import { fullForm } from '../../../adapters/soap/source/full-form.js';
import { questionValues } from '../../../adapters/soap/question-values.js';
import { shepProfile, type Sender } from '../../../adapters/soap/profiles/shep-profile.js';
import { writeEnvelope } from '../../../adapters/soap/write-envelope.js';
import type { SoapSource } from './population.js';

export interface AskedMessage {
  readonly messageId: string;
  readonly at: Date;
  readonly sender: Sender;
  readonly callId?: string | undefined;
  readonly keys: readonly string[];
}

/** The unsigned message that asks the population register for these keys. */
export function sendMessage(source: SoapSource, { messageId, at, sender, callId, keys }: AskedMessage): string {
  const full = fullForm(source);
  const [[name, operation] = []] = Object.entries(full.operations);
  if (full.shep === undefined || name === undefined || operation === undefined)
    throw new TypeError('not a source of SHEP');
  const facts = { messageId, callId, now: at.toISOString(), onBehalfOf: undefined };
  const context = { ...facts, requestId: '', constants: {}, select: [], consents: [], uuid: () => '' };
  const values = questionValues(
    context,
    keys.map((iin) => ({ iin })),
    {},
  );
  return writeEnvelope(
    shepProfile(full, full.shep, sender).compile(name, operation)({ ...facts, values }),
    full.version,
  );
}
