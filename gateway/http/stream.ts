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
 * Sends parts of an answer as they come, as fast as the client takes them. The head leaves with the first of them, so that what fails before
 * can still be refused. The answer is not ended: that its end arrives says that it is whole. Rejects with `Refusal` `CLIENT_GONE`
 * if the client has gone or takes nothing, and with what the parts reject with.
 *
 * @param gone aborted when the client goes away.
 */
export async function sendParts(
  response: ServerResponse,
  { type, headers = {} }: StreamHead,
  { parts, gone }: { readonly parts: AsyncIterable<string | Uint8Array>; readonly gone: AbortSignal },
): Promise<void> {
  const begin = (): void => {
    if (!response.headersSent) response.writeHead(200, { ...ANSWER_HEADERS, ...headers, 'Content-Type': type });
  };
  for await (const part of parts) {
    if (gone.aborted) throw new Refusal('CLIENT_GONE');
    if (part.length === 0) continue;
    begin();
    if (!response.write(part)) await taken(response, gone);
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
