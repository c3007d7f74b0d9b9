import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import { Refusal } from '../../schemas/refusal.js';
import type { SurfaceName } from '../request.js';
import { discardThen } from './body.js';
import type { Connections } from './connections/connections.js';
import { countRequest } from './exchange.js';
import { sendRefusal } from './respond.js';

/** A request of a surface, and the response that is to answer it. */
export interface StrangersRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly surface: SurfaceName;
}

/**
 * Refuses a request that brings no token: with what its head alone shows, otherwise `UNAUTHENTICATED`. The same
 * answer and the same count as those of the pipeline, for a small part of the work, because anyone may ask.
 * Returns false for every other request, which the pipeline takes.
 */
export type RefuseStranger = (stranger: StrangersRequest, refusal: Refusal | undefined) => boolean;

export interface StrangersDependencies {
  readonly connections: Pick<Connections, 'countRefused' | 'answerInTurn'>;
  readonly random: Random;
  readonly observer: Observer;
}

/** Takes no request: for a gateway without callers. */
export const NO_STRANGERS: RefuseStranger = () => false;

/** Makes the refusal of those who bring no token. */
export function createRefuseStranger(dependencies: StrangersDependencies): RefuseStranger {
  const { connections } = dependencies;
  const withoutToken = new Refusal('UNAUTHENTICATED', { reasons: ['token_missing'] });
  return (stranger, refusal = withoutToken) => {
    const { request } = stranger;
    if (request.headers.authorization !== undefined) return false;
    connections.countRefused(request, refusal.code);
    const send = (): void => answer(stranger, refusal, dependencies);
    discardThen(request, () => connections.answerInTurn(request, send));
    return true;
  };
}

function answer(
  { request, response, surface }: StrangersRequest,
  refusal: Refusal,
  { random, observer }: StrangersDependencies,
): void {
  sendRefusal(request, response, refusal, random.uuid());
  countRequest({ surface }, { refusal }, { observer });
}
