import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';
import type { PlannedDocument } from '../../planning/plan.js';
import type { Recorded } from '../../request.js';
import { countRequest, logTimes, type Exchange, type ExchangeDependencies } from '../exchange.js';
import { answerType } from '../negotiate.js';
import { renderGraphql, sendAnswer } from '../respond.js';

/**
 * The planned documents that Apollo Server has taken once: it has parsed and validated the text and asked for its
 * operation to be executed. From then on it has nothing to add to a question with the same plan. A document stays
 * here as long as the plan is kept.
 */
export type HostedDocuments = WeakSet<PlannedDocument>;

/** Media types of Apollo Server's answers, in its order (`MEDIA_TYPES` of `@apollo/server`). */
const HOST_TYPES = ['application/json', 'application/graphql-response+json', 'application/json; callbackSpec=1.0'].map(
  (type) => `${type}; charset=utf-8`,
);

/** Chosen for the last headers. Clients write them, so their number is bounded; Node bounds their length. */
const hostTypes = new LRUCache<string, { readonly type: string | undefined }>({
  max: 100,
  memoMethod: (accept) => ({ type: new Negotiator({ headers: { accept } }).mediaType(HOST_TYPES) }),
});

/** Returns whether Apollo Server answers a client in the same media type as the gateway itself. */
export function isTypeOfHost(accept: string | undefined): boolean {
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return true;
  const type = accept === '' ? HOST_TYPES[0] : hostTypes.memo(accept).type;
  return type === `${answerType(accept)}; charset=utf-8`;
}

/** Sends what was recorded for a text as Apollo Server does, to the byte, and counts it as its route does: once it was sent. */
export function sendLikeHost(
  { request, response, received }: Exchange,
  recorded: Recorded,
  dependencies: Pick<ExchangeDependencies, 'observer' | 'clock'>,
): void {
  const { refusal } = recorded;
  logTimes(received, recorded, dependencies);
  response.once('finish', () => countRequest(received, recorded, dependencies));
  sendAnswer(request, response, { ...renderGraphql(recorded), refusal, end: '\n' });
}
