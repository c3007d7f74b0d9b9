import type { Clock } from '../../schemas/ports/clock.js';
import type { Random } from '../../schemas/ports/random.js';
import { NO_CREDENTIALS } from '../auth/fixed.js';
import type { Credentials, Presented } from '../auth/port.js';
import { presentedUrl, withCredentials } from '../auth/with-credentials.js';
import { carriesCallId } from '../call-id.js';
import type { TextClient } from '../http/post-text.js';
import type { TextReply } from '../http/read-reply.js';
import { RegisterDeclined, RegisterFailure, type RegisterCall } from '../port.js';
import { runParts } from '../run-parts.js';
import type { SoapSource } from './source.js';
import type { FailureReason } from '../../schemas/register-failure.js';
import { isFault } from './fault.js';
import { sendMessage, type Sender } from './send-message.js';
import { readOutline, readRecords, type ResponseOutline } from './shep-response.js';
import { XmlRefused } from './read-xml.js';
import { freshUntil } from './signing/freshness.js';
import { SignatureRefused, type Signer, type Verifier } from './signing/port.js';
import type { ReplayGuard } from './signing/replay-guard.js';
import type { WantedElement } from './wanted-elements.js';

export interface PeopleOptions {
  readonly register: string;
  readonly source: SoapSource;
  readonly url: string;
  readonly client: TextClient;
  /** What proves to the bus who the gateway is, next to the signature. By default nothing does. */
  readonly credentials?: Credentials;
  readonly sender: Sender;
  readonly signer: Signer;
  readonly verifier: Verifier;
  readonly replay: ReplayGuard;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'uuid'>;
}

/** The answer of a register about some keys: verified and complete, not yet read. */
export interface PeopleAnswer {
  /** True if it holds a person outside the request, or anything else than persons. */
  readonly hasOthers: boolean;
  /** Reads the wanted elements of the records of these keys. A key that no person has is not in the result. */
  read(
    wanted: WantedElement,
    keys: ReadonlySet<string>,
  ): { readonly records: ReadonlyMap<string, Record<string, unknown>>; readonly beyond: boolean };
}

type CallContext = Pick<RegisterCall, 'requestId' | 'calls' | 'deadline' | 'signal'>;

/**
 * Requests distinct keys in as few signed messages as the register's limit allows, all at once; if one fails, the
 * others are cancelled. Rejects with `RegisterFailure`.
 */
export async function askPeople(
  keys: readonly string[],
  context: CallContext,
  options: PeopleOptions,
): Promise<PeopleAnswer> {
  const size = options.source.request.max;
  const chunks = Array.from({ length: Math.ceil(keys.length / size) }, (_, chunk) =>
    keys.slice(chunk * size, (chunk + 1) * size),
  );
  const answers = await runParts(
    context,
    chunks.map((chunk) => (part: typeof context) => askOnce(chunk, part, options)),
  );
  return {
    hasOthers: answers.some(({ hasOthers }) => hasOthers),
    read: (wanted, of) => {
      const read = answers.map((answer) => readingFaults(options.register, () => answer.read(wanted, of)));
      return {
        records: new Map(read.flatMap(({ records }) => [...records])),
        beyond: read.some(({ beyond }) => beyond),
      };
    },
  };
}

async function askOnce(keys: readonly string[], context: CallContext, options: PeopleOptions): Promise<PeopleAnswer> {
  const { register, source } = options;
  const { body, outline } = await exchange(keys, context, options);
  const asked = new Set(keys);
  const { statusCode } = outline;
  if (statusCode === source.status.not_found)
    return {
      hasOthers: outline.recordKeys.length > 0 || outline.hasMore,
      read: () => ({ records: new Map(), beyond: false }),
    };
  if (statusCode !== source.status.success) throw new RegisterDeclined(register, 'status_code_unknown');
  const places = placesOf(outline, asked, register);
  return {
    hasOthers: places.size < outline.recordKeys.length || outline.hasMore,
    read: (wanted, of) => {
      const mine = new Map([...places].filter(([key]) => of.has(key)).map(([key, place]) => [place, key]));
      if (mine.size === 0) return { records: new Map(), beyond: false };
      const { records, beyond } = readRecords(body, source, wanted, new Set(mine.keys()));
      return { records: new Map([...records].map(([place, record]) => [mine.get(place) ?? '', record])), beyond };
    },
  };
}

/**
 * Returns the position of the record of each key that the register has. Every key must occur exactly once, as a record
 * or as absent. Otherwise a record was left out, or one record is that of two persons.
 */
function placesOf(
  { recordKeys, absentKeys }: ResponseOutline,
  asked: ReadonlySet<string>,
  register: string,
): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  const absent = new Set(absentKeys);
  recordKeys.forEach((key, place) => {
    if (key === undefined || !asked.has(key)) return;
    if (places.has(key) || absent.has(key)) throw new RegisterFailure(register, 'duplicate_record');
    places.set(key, place);
  });
  for (const key of asked) if (!places.has(key) && !absent.has(key)) throw new RegisterFailure(register, 'batch_count');
  return places;
}

async function exchange(
  keys: readonly string[],
  context: CallContext,
  options: PeopleOptions,
): Promise<{ readonly body: string; readonly outline: ResponseOutline }> {
  const { register, source, clock } = options;
  const { messageId, reply } = await withCredentials(options.credentials ?? NO_CREDENTIALS, context, (presented) =>
    send(keys, context, { ...options, presented }),
  );
  // SHEP says by a status of its own that no person has a number. A 404 of HTTP is a wrong address.
  if (reply.status !== 200) throw new RegisterDeclined(register, 'status_unexpected');
  const { xml: body, expiresAt } = await verified(reply.text, options);
  const outline = readingFaults(register, () => readOutline(body, source));
  if (outline.correlationId !== messageId) throw new RegisterFailure(register, 'correlation_mismatch');
  const now = clock.now();
  const until = expiresAt ?? readingFaults(register, () => freshUntil({ created: outline.responseDate }, now));
  if (!options.replay.take(outline.messageId, until, now.getTime()))
    throw new RegisterFailure(register, 'response_replayed');
  return { body, outline };
}

async function send(
  keys: readonly string[],
  { requestId, calls, deadline, signal }: CallContext,
  { source, url, client, sender, signer, clock, random, presented }: PeopleOptions & { readonly presented: Presented },
): Promise<{ readonly messageId: string; readonly reply: TextReply }> {
  const messageId = random.uuid();
  const carriesId = carriesCallId(source);
  const message = calls.next({ carriesId, keys });
  const callId = carriesId ? message.id : undefined;
  const text = await signer.sign(sendMessage(source, { messageId, at: clock.now(), sender, callId, keys }));
  const address = presentedUrl(new URL(url), presented);
  const { headers } = presented;
  return { messageId, reply: await client.post({ requestId, message, deadline, signal, url: address, text, headers }) };
}

async function verified(message: string, { register, verifier }: PeopleOptions): ReturnType<Verifier['verify']> {
  try {
    return await verifier.verify(message);
  } catch (error) {
    throw new RegisterFailure(register, isFault(message) ? 'soap_fault' : refusalOf(error, 'signature_invalid'));
  }
}

/** An error of a parser or a library may quote the message. It is replaced by one that does not. */
function readingFaults<Read>(register: string, read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    throw new RegisterFailure(register, refusalOf(error, 'soap_unexpected'));
  }
}

function refusalOf(error: unknown, otherwise: FailureReason): FailureReason {
  return error instanceof XmlRefused || error instanceof SignatureRefused ? error.reason : otherwise;
}
