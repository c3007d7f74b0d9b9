import { openAudit } from '../../monitoring/audit/open-audit.js';
import { recordRead } from '../../monitoring/audit/search/record-read.js';
import { readRecipientKeys } from '../../monitoring/identity/recipient-keys.js';
import { openPeople } from '../../monitoring/identity/open-people.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { HttpConnections } from '../../schemas/ports/http-client.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import type { Sql } from '../../schemas/ports/sql.js';
import { createTokenProver } from '../auth/token-prover.js';
import type { Config } from '../config/schema.js';
import { Identifying, type IdentifyingOptions } from '../identity/identify.js';
import { identityRoutes } from '../identity/identity-routes.js';
import { MemoryReplay } from '../identity/memory-replay.js';
import { RequestStore } from '../identity/request-store.js';
import { createOfficers, readerOf } from '../officers/officer.js';
import { openOfficersServer } from '../officers/server.js';
import { createOfficerSignIn } from '../officers/sign-in.js';
import { closingOnFailure } from './closing.js';

/** The identity process, while it serves. */
export interface IdentityProcess {
  /** Origin, as it really listens. */
  readonly url: string;
  /** Answers what is in flight and gives the store back. */
  stop(): Promise<void>;
}

export interface IdentityPorts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
  readonly issuerConnections: HttpConnections;
}

/** What an identity process needs of its own. */
export interface IdentityPlace {
  /** File of the private keys of a recipient. */
  readonly keyFile: string;
  /** Folder of its requests. */
  readonly directory: string;
}

/** `audit.identity` of an installation that has an identity process. */
export type ServedIdentity = Exclude<NonNullable<Config['audit']['identity']>, 'none'> & {
  readonly server: NonNullable<Exclude<NonNullable<Config['audit']['identity']>, 'none'>['server']>;
};

/** An access token is fresh for this long, in seconds, also where callers' tokens may be older. */
const FRESH_S = 300;
/** Room for 10,000 people. */
const BODY_BYTES = 1_048_576;
/** Requests that are worked on at once. */
const AT_ONCE = 4;

/**
 * Starts the identity process: the private keys, the requests of a store of its own, and an address at which officers
 * present their own tokens and proofs. Nothing that a gateway says is believed. Rejects, and leaves nothing open, with
 * `KeyFailure`, `StoreExposed`, `StoreDamaged`, `StateFailure` or `ListenFailure`.
 */
export function startIdentityProcess(
  config: Config,
  { server: address, identify_per_day: perDay }: ServedIdentity,
  { keyFile, directory }: IdentityPlace,
  { sql, clock, random, observer, issuerConnections }: IdentityPorts,
): Promise<IdentityProcess> {
  return closingOnFailure(async (opened) => {
    const keys = await readRecipientKeys(keyFile);
    const store = RequestStore.open(directory);
    opened.add(async () => store.close());
    const identifying = new Identifying({
      ...{ store, clock, random, observer, perDay },
      open: (places, onlyAgency) => openPeople(places, { sql, keys, onlyAgency }),
      record: recordIn(config, { sql, clock, random, observer }),
    });
    const { authentication } = config;
    const token_max_age_s = Math.min(FRESH_S, authentication.token_max_age_s);
    const prover = createTokenProver({
      config: { ...config, authentication: { ...authentication, token_max_age_s } },
      ...{ audience: address.audience, publicUrl: address.public_url, clock, issuerConnections },
    });
    const signIn = createOfficerSignIn({
      prover,
      officers: createOfficers(config.officers),
      replay: new MemoryReplay(clock),
    });
    const served = await openOfficersServer({
      config: { ...config.server, limits: { ...config.server.limits, body_bytes: BODY_BYTES } },
      address: { ...address, connections: AT_ONCE },
      ...{ clock, random, observer },
      api: { signIn, routes: identityRoutes(identifying) },
      countRefused: ({ code, source }) => observer.log('warn', 'identify_not_authenticated', { code, source }),
    });
    return { url: served.url, stop: () => served.drain().finally(opened.close) };
  });
}

/** Records what is identified in a log of the pool, which is leased for as long as that takes. */
function recordIn(
  { audit }: Pick<Config, 'audit'>,
  ports: Pick<IdentityPorts, 'sql' | 'clock' | 'random' | 'observer'>,
): IdentifyingOptions['record'] {
  return async (officer, { reason, case: matter, people }, read) => {
    const { log, close } = await openAudit(audit, { ...ports, guard: async () => [] });
    const asked = { caller: readerOf(officer), reason, case: matter, limit: people };
    try {
      return await recordRead({ ...ports, log }, { act: 'audit_people_identified', ...asked }, async () => {
        const result = await read();
        return { result, rows: result.filter((one) => 'number' in one).length };
      });
    } finally {
      await close();
    }
  };
}
