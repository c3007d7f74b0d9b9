import { randomInt } from 'node:crypto';
import { firstTaken } from './taken-ports.js';

/** Below the ranges from which systems hand out ports by themselves, so that no one is given one by chance before it is used. */
const FIRST = 10_000;
const LAST = 32_000;
/** Processes that begin one after the other draw from different parts: between the draw and the use of a port nothing else keeps them apart. */
const PARTS = 8;
const PART = (LAST - FIRST) / PARTS;

/**
 * A port that no one listens on at this moment. It isn't held: only another process that asks for
 * this very number can take it meanwhile.
 *
 * @param draw a whole number from `FIRST` up to and without `LAST`; tests set it.
 */
export async function freePort(host: string, draw: () => number = drawInPart): Promise<number> {
  const port = draw();
  return (await firstTaken(host, [port])) === undefined ? port : await freePort(host, draw);
}

function drawInPart(): number {
  const first = FIRST + (process.pid % PARTS) * PART;
  return randomInt(first, first + PART);
}
