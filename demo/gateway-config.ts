import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { FACT_DATE } from './country/calendar.js';
import { DECOYS } from './country/decoys.js';
import { HOUSING_FAMILY, OFFICIAL } from './country/people.js';
import type { AgencyId, Organisations } from './country/organisations.js';
import { PLAYED_ASSURANCE } from './issuer/played-assurance.js';
import { AGENCY_CLIENT_IDS, AGENCY_CLIENTS, CITIZEN_CLIENT } from './issuer/clients.js';
import {
  DEMO_OFFICERS,
  OFFICER_CLI_CLIENT,
  OFFICER_CLIENTS,
  OFFICER_PAGE_CLIENT,
  OFFICERS_PATH,
} from './issuer/officers.js';
import { TIME_STAMPS_PATH } from './outside/outside-server.js';
import { DEMO_POLICY } from './outside/time-stamp-authority.js';
import { BUSINESS_CLIENT } from './registers/business/register.js';
import { POPULATION_SENDER } from './registers/population/register.js';
import { READER } from './registers/property/load.js';

/** The person that probes of registers read. */
const TEST_PERSON = HOUSING_FAMILY.applicant.iin;

/** Name of the gateway among transparency logs. Every demo has it: nothing that it signs counts elsewhere. */
export const LOG_ORIGIN = 'demo.tereze.example/log';

/** Where the gateway will listen, and where it keeps its state. */
export interface GatewayPlace {
  readonly host: string;
  readonly port: number;
  readonly operationsPort: number;
  readonly logPort: number;
  readonly officersPort: number;
  /** Absolute path. */
  readonly stateDirectory: string;
}

export interface ConfigFacts {
  readonly gateway: GatewayPlace;
  readonly audience: string;
  readonly organisations: Organisations;
  readonly urls: {
    readonly issuer: string;
    readonly population: string;
    readonly civilActs: string;
    readonly address: string;
    readonly tax: string;
    readonly business: string;
    readonly agencies: string;
    readonly outside: string;
  };
  readonly property: { readonly host: string; readonly port: number; readonly database: string };
  /** Public key to which data keys are sealed. */
  readonly identityRecipient: string;
  /** Absolute paths of files that hold one secret each. */
  readonly files: SecretFiles;
}

export interface SecretFiles {
  readonly populationPassword: string;
  /** The gateway's own, private. */
  readonly populationKey: string;
  /** The register's, public. */
  readonly populationRegisterKey: string;
  readonly civilActsKey: string;
  readonly addressToken: string;
  readonly propertyPassword: string;
  readonly taxKey: string;
  readonly agencyTokens: Readonly<Record<AgencyId, string>>;
  readonly protectionToken: string;
  readonly gatewaySecret: string;
  /** Signs the checkpoints of the gateway's audit logs. */
  readonly checkpointKey: string;
  /** The certificate of the time-stamp authority. */
  readonly timeAuthority: string;
  /** Names the witness; written at every start. */
  readonly witnessPolicy: string;
  /** The private key that opens data keys. The gateway never reads it. */
  readonly identityKey: string;
}

/** The gateway's configuration for this country, as YAML. */
export function gatewayConfig(facts: ConfigFacts): string {
  const { gateway, urls, files, property } = facts;
  const config = {
    version: 1,
    environment: 'demo',
    jurisdiction: { time_zone: 'Asia/Almaty', fact_date: FACT_DATE },
    server: {
      host: gateway.host,
      port: gateway.port,
      public_url: publicUrl(gateway),
      operations: { host: gateway.host, port: gateway.operationsPort },
      log: {
        host: gateway.host,
        port: gateway.logPort,
        public_url: publicUrl({ host: gateway.host, port: gateway.logPort }),
        directory: join(dirname(gateway.stateDirectory), 'log'),
      },
      audit: {
        host: gateway.host,
        port: gateway.officersPort,
        public_url: officersUrl(gateway),
        page: { client_id: OFFICER_PAGE_CLIENT },
      },
      // No load balancer has to turn away first, so Ctrl-C need not wait for one.
      limits: { leave_ms: 500 },
    },
    database: { directory: gateway.stateDirectory },
    // Beside the database, not in it: a demo shows how a restored copy is noticed.
    state: { anchor: { beside: { kind: 'directory', directory: join(dirname(gateway.stateDirectory), 'anchor') } } },
    audit: {
      origin: LOG_ORIGIN,
      key_file: files.checkpointKey,
      anchor: anchors(facts),
      identity: { recipients: [{ name: 'demo-dpo', key: facts.identityRecipient }] },
    },
    authentication: authentication(facts),
    officers: officers(facts),
    policies: {
      nexus: { sources: nexusSources(facts) },
      protection: { url: urls.agencies, token_file: files.protectionToken, decoys: DECOYS },
      secret_file: files.gatewaySecret,
    },
    registers: {
      population: {
        protocol: 'soap',
        url: `${urls.population}/shep/sync`,
        sender_id: POPULATION_SENDER,
        password_file: files.populationPassword,
        key_file: files.populationKey,
        register_key_file: files.populationRegisterKey,
        test_person: TEST_PERSON,
      },
      'civil-acts': {
        protocol: 'rest',
        url: urls.civilActs,
        api_key_file: files.civilActsKey,
        test_person: TEST_PERSON,
      },
      address: {
        protocol: 'graphql',
        url: `${urls.address}/graphql`,
        token_file: files.addressToken,
        test_person: TEST_PERSON,
      },
      property: {
        protocol: 'sql',
        ...property,
        user: READER,
        password_file: files.propertyPassword,
        test_person: TEST_PERSON,
      },
      business: { protocol: 'xroad', url: urls.business, client: BUSINESS_CLIENT.join('/'), test_person: OFFICIAL.iin },
      tax: { protocol: 'rest', url: urls.tax, api_key_file: files.taxKey, test_person: TEST_PERSON },
    },
  };
  return `# Written by the demo country at every start: changes are lost.\n${stringify(config, { lineWidth: 0 })}`;
}

export function publicUrl({ host, port }: Pick<GatewayPlace, 'host' | 'port'>): string {
  return `http://${host}:${port}`;
}

/** Origin at which officers question the audit log. */
export function officersUrl({ host, officersPort }: GatewayPlace): string {
  return `http://${host}:${officersPort}`;
}

function officers({ gateway, urls: { issuer } }: ConfigFacts): object {
  return {
    audience: `${officersUrl(gateway)}${OFFICERS_PATH}`,
    clients: OFFICER_CLIENTS,
    cli_client: OFFICER_CLI_CLIENT,
    number_claim: 'iin',
    people: DEMO_OFFICERS.map(({ subject, agency, roles }) => ({ issuer, subject, agency, roles })),
  };
}

function authentication({ urls, audience, organisations }: ConfigFacts): object {
  return {
    audience,
    issuers: [
      {
        issuer: urls.issuer,
        jwks_uri: `${urls.issuer}/jwks`,
        algorithms: ['ES256'],
        assurance: PLAYED_ASSURANCE,
        names_officers: true,
      },
    ],
    systems: [
      ...AGENCY_CLIENT_IDS.map((id) => ({
        client_id: id,
        kind: AGENCY_CLIENTS[id].kind,
        agency: AGENCY_CLIENTS[id].agency,
        // An AI service acts for an officer, who answers for what it asks.
        ...('model' in AGENCY_CLIENTS[id] ? { actor: 'required', model: AGENCY_CLIENTS[id].model } : {}),
      })),
      { client_id: CITIZEN_CLIENT, kind: 'citizen' },
    ],
    agencies: Object.entries(organisations.agencies).map(([id, { bin, name }]) => ({ id, bin, name })),
  };
}

/** Every ten seconds, so that a proof can be seen soon. */
function anchors({ urls, files }: ConfigFacts): object {
  const every = { every_s: 10 };
  const url = `${urls.outside}${TIME_STAMPS_PATH}`;
  return {
    authority: { kind: 'timestamp', url, authorities_file: files.timeAuthority, policy: DEMO_POLICY, ...every },
    witness: { kind: 'witness', policy_file: files.witnessPolicy, ...every },
  };
}

function nexusSources({ urls, files }: ConfigFacts): object {
  return Object.fromEntries(
    Object.entries(files.agencyTokens).map(([agency, tokenFile]) => [
      agency,
      { url: urls.agencies, token_file: tokenFile },
    ]),
  );
}
