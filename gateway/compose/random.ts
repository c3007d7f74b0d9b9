import { randomBytes, randomUUID } from 'node:crypto';
import type { Random } from '../../schemas/ports/random.js';

/** The system's cryptographically strong randomness. */
export const systemRandom: Random = { bytes: (length) => randomBytes(length), uuid: () => randomUUID() };
