import { createServer } from 'node:net';
import { listen } from './registers/listener.js';

/** A port that nobody listens on at this moment. */
export async function freePort(host: string): Promise<number> {
  const listener = await listen(createServer(), host, 0);
  await listener.close();
  return listener.port;
}
