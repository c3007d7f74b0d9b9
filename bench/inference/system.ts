import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { caseSystems } from '../../demo/agencies/case-systems.js';
import { protectionList } from '../../demo/agencies/protection-list.js';
import type { Country } from '../../demo/country/country.js';
import { iinOf } from '../../demo/country/numbers.js';
import { HOUSING_FAMILY, UNKNOWN_NUMBER } from '../../demo/country/people.js';
import { Fault } from '../../demo/registers/fault.js';
import { serveHttpRegister, type HttpRegister } from '../../demo/registers/http-register.js';
import type { Listener } from '../../demo/registers/listener.js';
import { Meter } from '../../demo/registers/meter.js';
import { startCountry } from '../../demo/start.js';
import { accessForSystem, type Access } from '../../gateway/cli/client/access.js';
import { readProfile } from '../../gateway/cli/client/profile.js';
import { stateOptions } from '../../gateway/cli/installed-state.js';
import { startGateway } from '../../gateway/compose/app.js';
import { systemClock } from '../../gateway/compose/clock.js';
import { readConfig } from '../../gateway/config/read-config.js';
import type { Config } from '../../gateway/config/schema.js';
import { attachState } from '../../gateway/state/open.js';
import { createRestrictionCounter } from '../../gateway/state/restrictions.js';
import { createConsentStore } from '../../policies/consent/store.js';
import { createConsentTexts, type ConsentTexts } from '../../policies/consent/texts.js';
import { parsePurposes } from '../../policies/decision/purposes.js';
import { createPseudonyms } from '../../policies/disclosure/pseudonyms.js';
import { readSecret } from '../../policies/secret.js';
import { composeCatalogue } from '../../schemas/catalogue/compose.js';
import { loadRegisters } from '../../schemas/catalogue/register-schema.js';

/** What people of a question are, to registers and to the list of protected people. */
export type Kind = 'protected' | 'unknown' | 'unknown too' | 'ordinary';

export interface Asked {
  readonly iin: string;
  /** A case of the housing authority that names this person. */
  readonly caseNumber: string;
}

/** The demo's country with a gateway, in this process, where consents are in force for people of each kind. */
export interface InferenceSystem {
  readonly people: Readonly<Record<Kind, Asked>>;
  /** Returns the access of the housing authority in a case. */
  access(caseNumber: string): Promise<Access>;
  stop(): Promise<void>;
}

/** What the rules open by consent for the queue. */
const CONSENTED = ['population.identifier', 'property.land', 'property.buildings', 'property.vehicles'];
const TOKEN = 'bench';
/** More than one caller can ask one question after another. */
const NO_LIMIT = { requests_per_second: 10_000, burst: 10_000 };

/** Starts it on free ports, in a folder of its own. */
export async function startInferenceSystem(): Promise<InferenceSystem> {
  const directory = mkdtempSync(join(tmpdir(), 'tereze-inference-'));
  // The embedded PostgreSQL does not run as root.
  chmodSync(directory, 0o755);
  const country = await startCountry({ directory, ports: 'free' });
  const people = peopleOf(country.country);
  const servers = await agencies(country.country, people);
  const config = asking(await readConfig(country.config, {}), servers, directory);
  const gateway = await startGateway(config, { log: { write: () => undefined } });
  await consent(config, Object.values(people));
  return {
    people,
    access: async (caseNumber) =>
      accessForSystem(await readProfile('housing', country.clients), {
        purpose: 'housing_queue',
        case: { agency: 'housing', number: caseNumber },
      }),
    stop: async () => {
      await gateway.stop();
      await country.stop();
      for (const server of Object.values(servers)) await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function peopleOf({ protectedPeople: [hidden = ''], persons }: Country): InferenceSystem['people'] {
  const other = iinOf('1991-02-02', 'M', 9_998) ?? iinOf('1991-02-02', 'M', 9_997) ?? '';
  if (persons.some(({ iin }) => iin === other)) throw new Error('someone has the number that no one should have');
  const asked = (number: number, iin: string): Asked => ({ iin, caseNumber: `HQ-2026-90000${number}` });
  return {
    protected: asked(1, hidden),
    unknown: asked(2, UNKNOWN_NUMBER),
    'unknown too': asked(3, other),
    ordinary: asked(4, HOUSING_FAMILY.applicant.iin),
  };
}

/** Serves the case systems with cases that name these people, and the list of protected people. */
async function agencies(
  country: Country,
  people: InferenceSystem['people'],
): Promise<{ readonly facts: Listener; readonly list: Listener }> {
  const own = Object.values(people).map(
    ({ iin, caseNumber }, position) =>
      ({
        agency: 'housing',
        number: caseNumber,
        status: 'open',
        purpose: 'housing_queue',
        kind: 'application',
        reference: `housing/application/${position}`,
        subject: iin,
      }) as const,
  );
  const tokens = { housing: TOKEN, social: TOKEN, appeals: TOKEN, integrity: TOKEN };
  const serve = (register: HttpRegister): Promise<Listener> => serveHttpRegister(register, new Fault(), '127.0.0.1', 0);
  return {
    facts: await serve(caseSystems([...country.cases, ...own], tokens, new Meter())),
    list: await serve(protectionList(country, TOKEN, new Meter())),
  };
}

function asking(
  config: Config,
  { facts, list }: { readonly facts: Listener; readonly list: Listener },
  directory: string,
): Config {
  const tokenFile = join(directory, 'bench.token');
  writeFileSync(tokenFile, TOKEN, { mode: 0o600 });
  const { authentication, policies } = config;
  const { nexus, protection } = policies;
  if (protection === undefined) throw new Error('the demo has a list of protected people');
  const at = ({ port }: Listener): { url: string; token_file: string } => ({
    url: `http://127.0.0.1:${port}`,
    token_file: tokenFile,
  });
  const sources = Object.fromEntries(
    Object.entries(nexus.sources).map(([agency, source]) => [agency, { ...source, ...at(facts) }]),
  );
  return {
    ...config,
    telemetry: { ...config.telemetry, log_level: 'error' },
    authentication: {
      ...authentication,
      systems: authentication.systems.map((system) => ({ ...system, ...NO_LIMIT })),
    },
    policies: { ...policies, nexus: { ...nexus, sources }, protection: { ...protection, ...at(list) } },
  };
}

/** The texts that consents have under this configuration. */
function textsOf({ supergraph, policies }: Config): ConsentTexts {
  const { governance } = composeCatalogue(loadRegisters(supergraph.directory));
  const purposes = parsePurposes(policies.purposes, readFileSync(policies.purposes, 'utf8'));
  return createConsentTexts(purposes, [...governance.categories.keys()], (category) => governance.fieldsOf(category));
}

/** Puts consents of these people in force. No one can sign in with a number that no one has, so no one is asked to. */
async function consent(config: Config, people: readonly Asked[]): Promise<void> {
  const state = await attachState(stateOptions(config));
  const { time_zone: timeZone, fact_date: factDate } = config.jurisdiction;
  const clock = systemClock({ timeZone, factDate });
  const { in_force: inForce, new_per_hour: newPerHour } = config.consent.bounds;
  const store = createConsentStore({
    sql: state.sql,
    pseudonyms: createPseudonyms(readSecret(config.policies.secret_file)),
    clock,
    restrictions: createRestrictionCounter(clock),
    bounds: { inForce, newPerHour },
    texts: textsOf(config),
  });
  const evidence = {
    issuer: 'bench',
    tokenHash: createHash('sha256').update('bench').digest('hex'),
    assurance: 'bench',
    requestId: randomUUID(),
  };
  try {
    for (const { iin, caseNumber } of people)
      await state.sql.transaction((tx) =>
        store.give(tx, {
          subject: iin,
          agency: 'housing',
          purpose: 'housing_queue',
          caseNumber,
          categories: CONSENTED,
          validUntil: new Date(clock.now().getTime() + 86_400_000).toISOString(),
          evidence,
        }),
      );
  } finally {
    await state.close();
  }
}
