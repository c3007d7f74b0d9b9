import type { Reply } from './client/access.js';
import { CommandFailure } from './command-failure.js';
import { printAnswer } from './client/print-answer.js';
import type { Terminal } from './terminal.js';

/**
 * Prints the reply of a plain (not GraphQL) surface: as it came, or `data` through `readable`. Returns `data`; undefined for a
 * refusal, which sets the exit code.
 */
export function printReply<Data>(
  reply: Reply,
  json: boolean | undefined,
  terminal: Terminal,
  readable: (data: Data) => string,
): Data | undefined {
  const body = parse(reply);
  const refused = reply.status >= 400 || body.data === undefined;
  if (json) terminal.print(reply.text.endsWith('\n') ? reply.text : `${reply.text}\n`);
  else terminal.print(refused ? printAnswer(body) : readable(body.data as Data));
  if (!refused) return body.data as Data;
  terminal.fail();
  return undefined;
}

function parse({ status, text }: Reply): { data?: unknown } {
  try {
    return JSON.parse(text) as { data?: unknown };
  } catch {
    throw new CommandFailure('failed', `the gateway answered HTTP ${status} with something other than JSON`);
  }
}
