import { createServer } from 'node:net';
import { isPortTaken, listen } from './registers/listener.js';

/** Returns the first of these ports on which another process listens; undefined if there is none. */
export async function firstTaken(host: string, ports: readonly number[]): Promise<number | undefined> {
  for (const port of ports) if (await isTaken(host, port)) return port;
  return undefined;
}

async function isTaken(host: string, port: number): Promise<boolean> {
  try {
    const listener = await listen(createServer(), host, port);
    await listener.close();
    return false;
  } catch (error) {
    if (isPortTaken(error)) return true;
    throw error;
  }
}
