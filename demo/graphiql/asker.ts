import { LRUCache } from 'lru-cache';
import type { Access, Reply } from '../../gateway/cli/client/access.js';
import { accessOfClient } from '../../gateway/cli/client/access-of-client.js';
import { accessForCitizen, CITIZENS_CLIENT } from '../../gateway/cli/client/citizen-sign-in.js';
import { accessRequest } from '../../gateway/cli/options.js';
import { readProfile } from '../../gateway/cli/client/profile.js';

/** Who asks: one of the registered clients in a case, or a citizen. */
export interface Who {
  readonly client?: string | undefined;
  readonly citizen?: string | undefined;
  readonly case?: string | undefined;
}

/** Asks the gateway in someone's name, as their own client would: token, proof, question. Rejects with `CommandFailure`. */
export type Asker = (who: Who, body: unknown) => Promise<Reply>;

/** Less than the demo's tokens live. */
const KEPT_MS = 200_000;

/** @param clients folder of the registered clients' profiles. */
export function createAsker(clients: string): Asker {
  const kept = new LRUCache<string, Promise<Access>>({ max: 100, ttl: KEPT_MS });
  return async (who, body) => {
    const key = JSON.stringify([who.client, who.citizen, who.case]);
    const access = kept.get(key) ?? accessFor(who, clients);
    kept.set(key, access);
    try {
      return await (await access).send('POST', '/graphql', body);
    } catch (error) {
      kept.delete(key);
      throw error;
    }
  };
}

async function accessFor({ client, citizen, case: matter }: Who, clients: string): Promise<Access> {
  if (citizen !== undefined) return accessForCitizen(await readProfile(CITIZENS_CLIENT, clients), citizen);
  const profile = await readProfile(client ?? '', clients);
  return accessOfClient(profile, accessRequest(profile, { case: matter }), { directory: clients });
}
