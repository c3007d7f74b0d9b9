import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import { holdsPersonNumber } from './person-number.js';
import { agreementState, countAgreement } from '../address-agreement.js';
import type { JsonReply } from '../http/post-json.js';
import { RegisterDeclined, RegisterFailure } from '../port.js';
import type { Operation } from './operations/compile-operation.js';
import type { CompiledRequest, FilledRequest } from './request/compile-request.js';
import { ValueRefused, type RequestValues } from './request/values.js';
import type { RestCall, RestClient } from './rest-client.js';

export interface AskOptions {
  readonly register: string;
  /** Base address. */
  readonly url: string;
  readonly client: RestClient;
  readonly clock: Pick<Clock, 'factDate'>;
  /** Counts calls under an agreement that ends soon. */
  readonly observer?: Pick<Observer, 'count'> | undefined;
}

/** What a message asks. */
export interface Question {
  readonly operation: Operation;
  readonly values: RequestValues;
  /** The keys that it is about, for the record of the call. Undefined: all of the read. */
  readonly about: readonly string[] | undefined;
}

/**
 * Sends the message of an operation. Rejects with `RegisterFailure`: `address_agreement_ended` after the last day on which
 * an identifier may be in its address, `key_type` for a value that has no place in the request, `page_address` for a
 * cursor with a person's number; nothing is sent then.
 */
export async function ask(question: Question, call: RestCall, options: AskOptions): Promise<JsonReply> {
  return send(fill(question, call, options), question, call, options);
}

/** Names the operation in a failure of what is done for it. */
export async function during<Result>({ name }: Operation, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof RegisterFailure ? error.during(name) : error;
  }
}

/** Makes the request of a question. */
export function fill({ operation, values }: Question, call: RestCall, options: AskOptions): FilledRequest {
  const { agreement, request } = operation;
  const { register, clock, observer } = options;
  if (agreement !== undefined) {
    const state = agreementState(agreement, clock.factDate());
    if (state === 'ended') throw new RegisterDeclined(register, 'address_agreement_ended');
    if (state === 'ends_soon') countAgreement(observer, register, operation.name);
  }
  try {
    const given = operation.complete === undefined ? values : operation.complete(values);
    if (agreement === undefined) checkAddress(request.addressed, given, register);
    return request.fill(operation.namesCall ? { ...given, ...callValues(call) } : given);
  } catch (error) {
    if (error instanceof ValueRefused) throw new RegisterFailure(register, 'key_type');
    throw error;
  }
}

/**
 * A person's number has no place in an address without the consent of the register's owner, also where the schema calls
 * it a text.
 */
function checkAddress(addressed: CompiledRequest['addressed'], values: RequestValues, register: string): void {
  for (const { name, valueOf } of addressed) {
    const value = valueOf(values);
    const texts = Array.isArray(value) ? (value as readonly unknown[]) : [value];
    if (!texts.some((one) => one !== undefined && holdsPersonNumber(String(one)))) continue;
    throw new RegisterFailure(register, name === 'page.cursor' ? 'page_address' : 'key_type');
  }
}

/** Sends a request that was made for a question. */
export function send(
  request: FilledRequest,
  { operation, about }: Question,
  call: RestCall,
  { client }: AskOptions,
): Promise<JsonReply> {
  return client.ask(
    {
      request,
      keys: about,
      operation: operation.name,
      identifierInAddress: operation.agreement !== undefined,
      meaningOf: operation.answer.meaningOf,
    },
    call,
  );
}

/** Values that come from the call and not from the question. No argument and no key takes their place. */
function callValues({ requestId, onBehalfOf }: RestCall): RequestValues {
  return {
    request_id: requestId,
    purpose: onBehalfOf?.purpose,
    'case.number': onBehalfOf?.case?.number,
    'case.agency': onBehalfOf?.case?.agency,
  };
}
