import { statSync } from 'node:fs';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import { readSecret } from '../protocol.js';
import type { Credentials, Presented } from './port.js';

export interface BearerFileOptions {
  readonly register: string;
  readonly file: string;
  readonly clock: Clock;
  readonly observer: Observer;
}

/** Time between two looks at the file, in milliseconds. */
const LOOK_MS = 1_000;

/** The token that a file held when it was in that version. */
interface Held {
  readonly version: string;
  readonly token: string;
  readonly presented: Presented;
}

/**
 * Returns credentials with the bearer token of a file. Something else keeps the file up to date: it is looked at once a
 * second, and at once after a 401. While the file cannot be used, because it is being written, the token before stays.
 * Throws if the file cannot be used at the start. No error and no log line holds anything of it.
 */
export function bearerFileCredentials({ register, file, clock, observer }: BearerFileOptions): Credentials {
  let held = readHeld(file);
  let lookAgainAt = clock.monotonic() + LOOK_MS;
  const look = (): void => {
    lookAgainAt = clock.monotonic() + LOOK_MS;
    try {
      held = readHeld(file, held);
    } catch {
      observer.log('warn', 'register_token_file_unusable', { register });
    }
  };
  return {
    current: () => {
      if (clock.monotonic() >= lookAgainAt) look();
      return held.presented;
    },
    fetch: async () => held.presented,
    refused: (presented) => {
      if (presented === held.presented) look();
      return presented !== held.presented;
    },
    close: () => undefined,
  };
}

/** The version is taken before the text: a change between the two is seen at the next look. */
function readHeld(file: string, before?: Held): Held {
  const { mtimeMs, ctimeMs, size, ino } = statSync(file);
  const version = [mtimeMs, ctimeMs, size, ino].join(' ');
  if (version === before?.version) return before;
  const token = readSecret(file);
  if (token === before?.token) return { ...before, version };
  return { version, token, presented: { headers: { Authorization: `Bearer ${token}` } } };
}
