import { BeyondFinder } from '../mapping/unread.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Random } from '../../schemas/ports/random.js';
import { NO_CREDENTIALS } from '../auth/fixed.js';
import type { Credentials, Presented } from '../auth/port.js';
import { withCredentials } from '../auth/with-credentials.js';
import { RegisterDeclined, RegisterFailure, type RegisterCall } from '../port.js';
import { runParts } from '../run-parts.js';
import { AnswerRefused } from './answer-refused.js';
import { outcomeOf, type AnswerOutcome, type AnswerTree } from './answer/answer-tree.js';
import type { CompiledOperation } from './compile-operation.js';
import type { ConsentToken, ConsentTokens } from './consent-tokens.js';
import { isFault } from './xml/fault.js';
import type { Asked, SoapProfile } from './profiles/profile.js';
import { questionValues, ValueRefused, type KeyFields } from './question-values.js';
import { messageReading, readTogether, type MessageFormat, type MessageRead } from './answer/read-message.js';
import { refusal, type SoapClient } from './soap-client.js';
import { freshUntil } from './signing/freshness.js';
import { SignatureRefused, type BodyReading, type ReadBody, type Signer, type Verifier } from './signing/port.js';
import type { ReplayGuard } from './signing/replay-guard.js';
import { writeEnvelope } from './write-envelope.js';
import { scanInParts } from './xml/scan-in-parts.js';
import { XmlRefused } from './xml/xml-refused.js';

/** How messages are signed and answers verified. Undefined for a register that does neither. */
export interface MessageSecurity {
  readonly signer: Signer;
  readonly verifier: Verifier;
  /** Greatest age of an answer. */
  readonly maxAgeMs?: number | undefined;
  readonly replay: ReplayGuard;
}

export interface ExchangeOptions {
  readonly register: string;
  readonly client: SoapClient;
  readonly format: MessageFormat;
  readonly version: '1.1' | '1.2';
  /** What proves to the register who the gateway is, in HTTP. By default nothing does. */
  readonly credentials?: Credentials | undefined;
  readonly security: MessageSecurity | undefined;
  readonly constants: Readonly<Record<string, string | number>>;
  /** Whether calls carry their ids, and where: as the id of the message, or beside it. */
  readonly callIds: SoapProfile['callIds'] | 'none';
  /** Where tokens of consent come from. Undefined if no message holds one. */
  readonly consentTokens?: ConsentTokens | undefined;
  /** Writes a time as the register does. */
  readonly timeText: (at: Date) => string;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'uuid'>;
}

export type CallContext = Pick<RegisterCall, 'requestId' | 'calls' | 'deadline' | 'signal' | 'onBehalfOf'>;

/** One message that is to be sent. */
export interface Question {
  readonly operation: CompiledOperation;
  /** Undefined if it asks by arguments alone. */
  readonly keys: readonly KeyFields[] | undefined;
  readonly args: Readonly<Record<string, unknown>>;
  readonly select: readonly string[];
}

/** The answer to one message, as one selection reads it. */
export interface Answer {
  readonly outcome: AnswerOutcome;
  /** What the register sent that was not wanted. */
  readonly beyond: BeyondFinder;
}

/**
 * Sends one message, and reads its answer once, by each of these trees. Returns an answer for each tree, in their order.
 * Nothing of a signed answer is returned before it is verified, answers this question, and is there for the first time.
 * Rejects with `RegisterFailure`.
 */
export async function exchange(
  question: Question,
  trees: readonly AnswerTree[],
  context: CallContext,
  options: ExchangeOptions,
): Promise<readonly Answer[]> {
  const { register, format, security } = options;
  const consents = await consentsOf(question, context, options);
  const { asked, xml } = await withCredentials(options.credentials ?? NO_CREDENTIALS, context, (presented) =>
    sent({ ...question, consents }, presented, context, options),
  );
  const isSigned = security !== undefined;
  const reading = readTogether(trees.map((tree) => messageReading(asked, tree, format, isSigned)));
  const { read, expiresAt } = isSigned
    ? await readVerified(xml, reading, register, security.verifier)
    : await readUnsigned(xml, reading, register);
  if (isSigned) checkFirstUse(read, expiresAt, security, options);
  return read.map((message, at) => answerOf(message, trees[at]));
}

function answerOf(message: MessageRead, tree: AnswerTree | undefined): Answer {
  if (message === 'absent' || tree === undefined) return { outcome: { is: 'absent' }, beyond: new BeyondFinder() };
  const { surroundings, data, beyond } = message;
  const { says } = surroundings;
  return { outcome: says === 'answered' ? outcomeOf(data, tree.operation) : { is: says }, beyond };
}

/** What stands around the data is the same for every selection. */
function checkFirstUse(
  [message]: readonly MessageRead[],
  expiresAt: number | undefined,
  { maxAgeMs, replay }: MessageSecurity,
  { register, clock }: ExchangeOptions,
): void {
  if (message === undefined || message === 'absent') return;
  const { messageId, date } = message.surroundings;
  const now = clock.now();
  const until = readingFaults(register, () => expiresAt ?? freshUntil({ created: date }, now, maxAgeMs));
  if (messageId !== undefined && !replay.take(messageId, until, now.getTime()))
    throw new RegisterFailure(register, 'response_replayed');
}

/** Returns a token for each person of the message; none if it holds none. */
async function consentsOf(
  { operation, keys = [] }: Question,
  context: CallContext,
  { register, consentTokens }: ExchangeOptions,
): Promise<readonly ConsentToken[]> {
  if (!operation.asksConsent || consentTokens === undefined) return [];
  const people = keys.map((key) => Object.values(key)[0]);
  return (await runParts(
    context,
    people.map((person) => (part: CallContext) => {
      if (typeof person !== 'string') throw new RegisterFailure(register, 'key_type');
      return consentTokens.fetch(person, part);
    }),
  )) as readonly ConsentToken[];
}

async function sent(
  { operation, keys, args, select, consents }: Question & { readonly consents: readonly ConsentToken[] },
  presented: Presented,
  { requestId, calls, deadline, signal, onBehalfOf }: CallContext,
  options: ExchangeOptions,
): Promise<{ readonly asked: Asked; readonly xml: string }> {
  const { register, client, security, callIds, version, constants, timeText, clock, random } = options;
  const message = calls.next({ carriesId: callIds !== 'none', ...personKeys(keys) });
  const callId = callIds === 'none' ? undefined : message.id;
  const messageId = callIds === 'as_message_id' ? message.id : random.uuid();
  const now = timeText(clock.now());
  const values = questionValues(
    { requestId, messageId, callId, now, onBehalfOf, constants, select, consents, uuid: () => random.uuid() },
    keys ?? [],
    args,
  );
  const facts = { messageId, callId: callIds === 'in_message' ? callId : undefined, now, onBehalfOf, values };
  const envelope = readingFaults(register, () => writeEnvelope(operation.write(facts), version));
  const text = security === undefined ? envelope : await security.signer.sign(envelope);
  const { status, xml } = await client.send({
    text,
    action: operation.source.action,
    presented,
    callId: callIds === 'in_header' ? callId : undefined,
    requestId,
    message,
    deadline,
    signal,
  });
  const asked = { operation: operation.name, facts: { messageId, onBehalfOf }, request: text };
  if (status !== 200 && (security !== undefined || !(await isFault(xml)))) throw await statusFailure(register, xml);
  return { asked, xml };
}

/** Keys of several fields name no person by themselves: the call is then about all people of the read. */
function personKeys(keys: readonly KeyFields[] | undefined): { readonly keys?: readonly string[] } {
  const texts = keys?.flatMap((key) => {
    const fields = Object.values(key);
    return fields.length === 1 ? [String(fields[0])] : [];
  });
  return texts !== undefined && texts.length === keys?.length ? { keys: texts } : {};
}

async function statusFailure(register: string, xml: string): Promise<RegisterFailure> {
  return (await isFault(xml))
    ? new RegisterFailure(register, 'soap_fault')
    : new RegisterDeclined(register, 'status_unexpected');
}

async function readUnsigned<Read>(
  message: string,
  reading: BodyReading<Read>,
  register: string,
): Promise<ReadBody<Read>> {
  try {
    await scanInParts(message, reading.begin(message));
    return { read: reading.finish() };
  } catch (error) {
    throw readingFault(register, error);
  }
}

async function readVerified<Read>(
  message: string,
  reading: BodyReading<Read>,
  register: string,
  verifier: Verifier,
): Promise<ReadBody<Read>> {
  try {
    return await verifier.read(message, reading);
  } catch (error) {
    // A Fault is not signed.
    if (error instanceof SignatureRefused && (await isFault(message)))
      throw new RegisterFailure(register, 'soap_fault');
    throw readingFault(register, error);
  }
}

function readingFaults<Read>(register: string, read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    throw readingFault(register, error);
  }
}

/** An error of a parser or a library may quote the message. It is replaced by one that does not. */
function readingFault(register: string, error: unknown): RegisterFailure {
  if (error instanceof AnswerRefused) return refusal(register, error);
  if (error instanceof ValueRefused) return new RegisterFailure(register, 'key_type');
  const isReason = error instanceof XmlRefused || error instanceof SignatureRefused;
  return new RegisterFailure(register, isReason ? error.reason : 'soap_unexpected');
}
