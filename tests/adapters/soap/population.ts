import { join } from 'node:path';
import type { Adapter } from '../../../adapters/port.js';
import { ReplayGuard } from '../../../adapters/soap/signing/replay-guard.js';
import { createSigner } from '../../../adapters/soap/signing/signer.js';
import { createVerifier } from '../../../adapters/soap/signing/verifier.js';
import { createSoapClient } from '../../../adapters/soap/soap-client.js';
import { createSoapAdapter } from '../../../adapters/soap/soap-adapter.js';
import { readSource, type Source } from '../../../adapters/source-file.js';
import { POPULATION_SENDER, type PopulationAccess } from '../../../demo/registers/population/register.js';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { runningClock, seededRandom } from '../../doubles.js';
import { rsaPair } from './signing/keys.js';
import { createHttpClient } from '../../../gateway/compose/http-client.js';
import type { HttpClient } from '../../../schemas/ports/http-client.js';

export type SoapSource = Extract<Source, { protocol: 'soap' }>;

export const SHIPPED = readSource(
  join(packageRoot(), 'schemas', 'registers', 'population', 'source.yaml'),
) as SoapSource;

/** As it ships, and with the link to the spouse that the register sends as well. */
export const SOURCE: SoapSource = {
  ...SHIPPED,
  types: {
    ...SHIPPED.types,
    Citizen: {
      key: 'iin',
      fields: { ...SHIPPED.types['Citizen']?.fields, spouse: { path: 'family.spouse', reference: 'Citizen' } },
    },
  },
};
/** As it is, with at most one person in a message. */
export const ONE_BY_ONE: SoapSource = {
  ...SOURCE,
  request: SOURCE.request === undefined ? undefined : { ...SOURCE.request, max: 1 },
};
export const PASSWORD = 'the password';
export const clock = runningClock();

/** The keys of both ends. */
export const GATEWAY_KEYS = rsaPair('gateway');
export const REGISTER_KEYS = rsaPair('register');

export const ACCESS: PopulationAccess = {
  password: PASSWORD,
  callerKey: GATEWAY_KEYS.publicKey,
  registerKey: REGISTER_KEYS.privateKey,
  clock,
};

export interface AdapterChoices {
  readonly source?: SoapSource;
  readonly maxResponseBytes?: number;
  readonly password?: string;
  readonly seed?: string;
  readonly http?: HttpClient;
}

/** An adapter to the population register at a base address. */
export function adapterTo(
  url: string,
  {
    source = SOURCE,
    maxResponseBytes = 1_000_000,
    password = PASSWORD,
    seed = 'soap',
    http = createHttpClient(),
  }: AdapterChoices = {},
): Adapter {
  return createSoapAdapter({
    register: 'population',
    source,
    client: createSoapClient({
      register: 'population',
      url: `${url}/shep/sync`,
      clock,
      connections: http.open({ maxConnections: 64 }),
      maxResponseBytes,
      version: '1.1',
      charset: 'utf-8',
    }),
    sender: { id: POPULATION_SENDER, password },
    security: {
      signer: createSigner({ key: GATEWAY_KEYS.privateKey, clock }),
      verifier: createVerifier({ trust: REGISTER_KEYS.publicKey, clock }),
      replay: new ReplayGuard(1_000),
    },
    clock,
    random: seededRandom(seed),
  });
}
