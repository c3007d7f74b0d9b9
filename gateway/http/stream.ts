import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Refusal } from '../../schemas/refusal.js';
import { ANSWER_HEADERS } from './respond.js';

/** A reader that takes nothing for this long is sent nothing more, in milliseconds. */
const STALLED_MS = 60_000;

/** What an answer that streams is sent with. */
export interface StreamHead {
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Sends texts as they come, as fast as the client takes them. The head leaves with the first text, so that what fails before
 * can still be refused. The answer is not ended: that its end arrives says that it is whole. Rejects with `Refusal` `CLIENT_GONE`
 * if the client has gone or takes nothing, and with what the texts reject with.
 *
 * @param gone aborted when the client goes away.
 */
export async function sendTexts(
  response: ServerResponse,
  { type, headers = {} }: StreamHead,
  { texts, gone }: { readonly texts: AsyncIterable<string>; readonly gone: AbortSignal },
): Promise<void> {
  const begin = (): void => {
    if (!response.headersSent) response.writeHead(200, { ...ANSWER_HEADERS, ...headers, 'Content-Type': type });
  };
  for await (const text of texts) {
    if (gone.aborted) throw new Refusal('CLIENT_GONE');
    if (text === '') continue;
    begin();
    if (!response.write(text)) await taken(response, gone);
  }
  if (gone.aborted) throw new Refusal('CLIENT_GONE');
  begin();
}

async function taken(response: ServerResponse, gone: AbortSignal): Promise<void> {
  const signal = AbortSignal.any([gone, AbortSignal.timeout(STALLED_MS)]);
  await once(response, 'drain', { signal }).catch((cause: unknown) => {
    throw new Refusal('CLIENT_GONE', { cause });
  });
}
