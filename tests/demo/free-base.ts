import { createServer } from 'node:net';
import { PORT_OFFSETS } from '../../demo/ports.js';
import { isPortTaken, listen, type Listener } from '../../demo/registers/listener.js';

/** Below the range from which systems hand out ports, so that no one gets one by chance. */
const FIRST = 20_000;
const LAST = 32_000;

/** A base from which all the country's ports are free at this moment. */
export async function freeBase(): Promise<number> {
  const base = FIRST + Math.floor(Math.random() * (LAST - FIRST));
  const held: Listener[] = [];
  try {
    for (const offset of Object.values(PORT_OFFSETS))
      held.push(await listen(createServer(), '127.0.0.1', base + offset));
    return base;
  } catch (error) {
    if (!isPortTaken(error)) throw error;
    return await freeBase();
  } finally {
    await Promise.all(held.map((listener) => listener.close()));
  }
}
