import { readRequestText } from './request-text.js';

/** Returns the request that this process was started with. The other side is `reading-process.ts`. */
export async function readRequest(): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return readRequestText(Buffer.concat(chunks).toString('utf8'));
}

/** Sends one reply. */
export function reply(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
