import type { Clock } from '../schemas/ports/clock.js';
import type { HttpClient } from '../schemas/ports/http-client.js';
import type { Observer } from '../schemas/ports/observer.js';
import type { Pseudonyms } from '../schemas/ports/pseudonyms.js';
import type { Random } from '../schemas/ports/random.js';
import type { RestrictionCounter } from '../schemas/ports/restrictions.js';
import type { Sql } from '../schemas/ports/sql.js';
import type { Assurance, Basis } from '../schemas/vocabulary.js';
import type { ConsentConfig, PoliciesConfig } from './config.js';
import { keepBaseline } from './consent/baseline.js';
import type { ConsentBounds } from './consent/bounds.js';
import type { ConsentStore } from './consent/port.js';
import { createConsentRequests, longestRequest, type ConsentRequests } from './consent/request.js';
import { createConsentStore } from './consent/store.js';
import { createConsentTexts } from './consent/texts.js';
import type { CategorySensitivities } from './decision/cedar-request.js';
import { createClosedToConsent, type AgencyClient, type ClosedToConsent } from './decision/consentable.js';
import type { CategoryDecision, DecisionEngine } from './decision/port.js';
import type { Purposes } from './decision/purposes.js';
import { createCallerView, type CallerView } from './decision/view.js';
import { createCategoryDecisions, type CategoryQuestion } from './decision/permissions.js';
import { createDerivations } from './disclosure/derivations.js';
import { createHandles, type StoredHandles } from './disclosure/handles.js';
import type { Derive, Handles } from './disclosure/port.js';
import { createPseudonyms } from './disclosure/pseudonyms.js';
import { createOpenGate, type OpenGate } from './gate/open-gate.js';
import { createHttpNexus } from './nexus/http-nexus.js';
import type { LoadedPolicies } from './load-policies.js';
import type { Nexus } from './nexus/port.js';

/** The parts of the configuration that belong to this room. */
export interface PoliciesSettings {
  readonly policies: PoliciesConfig;
  readonly consent: ConsentConfig;
}

/** What this room needs from other rooms. */
export interface PoliciesPorts {
  readonly sql: Sql;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
  readonly restrictions: RestrictionCounter;
  /** Every category of the catalogue, with its sensitivity. */
  readonly categories: CategorySensitivities;
  /** Coordinates (`Type.field`) of the fields of a category. */
  readonly fieldsOf: (category: string) => readonly string[];
  /** Ids of the registered agencies. */
  readonly agencies: readonly string[];
  /** The registered clients that act for agencies. */
  readonly clients: readonly AgencyClient[];
}

/** Decides what a caller may know, and why. Built from one reading of rules, purposes and settings. */
export interface Policies {
  readonly engine: DecisionEngine;
  /** Whether a request for this purpose needs a case; undefined for an unknown purpose. */
  readonly needsCase: (purpose: string) => boolean | undefined;
  /** The statutory bases of a purpose, in the order of the purposes file. An unknown purpose has none. */
  readonly statutoryBases: (purpose: string) => readonly Basis[];
  /** The least assurance with which a person may act for a purpose; the highest for an unknown purpose. */
  readonly leastAssurance: (purpose: string) => Assurance;
  readonly closedToConsent: ClosedToConsent;
  readonly permissionsFor: (question: CategoryQuestion) => CategoryDecision;
  readonly isInView: CallerView;
  readonly openGate: OpenGate;
  readonly nexus: Nexus;
  readonly consents: ConsentStore;
  /** Keeps, at the first start, what consents say that were given before texts were kept. */
  readonly keepBaseline: () => Promise<void>;
  readonly openRequest: ConsentRequests['open'];
  /** What a consent may name: a registered agency, a purpose with the basis `consent`, a category of the catalogue. */
  readonly knows: {
    agency(id: string): boolean;
    purpose(name: string): boolean;
    category(name: string): boolean;
  };
  /** The most that giving a consent takes: characters of a sealed request, and categories. Every request of this installation fits. */
  readonly longest: { readonly request: number; readonly categories: number };
  /** Days for which a consent holds when the citizen names no end. */
  readonly defaultDays: number;
  /** The longest that a consent may hold, in days. */
  readonly maxDays: number;
  readonly handles: Handles;
  readonly pseudonyms: Pseudonyms;
  readonly derivations: ReadonlyMap<string, Derive>;
  /** Stops the purging of handles, then ends the connections to the list of protected people and to the case systems. */
  close(): Promise<void>;
}

const PURGE_EVERY_MS = 3_600_000;

/**
 * Opens the room over its loaded files, and starts to purge handles every hour. Connects to nothing
 * before the first question. `close` also closes what was loaded.
 */
export function openPolicies(
  { policies: config, consent }: PoliciesSettings,
  { secret, indexSecrets, purposes, engine, nexusSources, protection }: LoadedPolicies,
  { sql, http, clock, random, observer, restrictions, categories, fieldsOf, agencies, clients }: PoliciesPorts,
): Policies {
  const pseudonyms = createPseudonyms(secret, indexSecrets);
  const decisions = createCategoryDecisions({ engine, purposes, maxEntries: config.remembered_decisions });
  const { timeout_ms: timeoutMs, max_response_bytes: maxResponseBytes } = config.nexus;
  const nexus = createHttpNexus({ sources: nexusSources, http, clock, timeoutMs, maxResponseBytes });
  const texts = createConsentTexts(purposes, [...categories.keys()], fieldsOf);
  const consents = createConsentStore({ sql, pseudonyms, clock, restrictions, bounds: boundsOf(consent), texts });
  const requests = createConsentRequests({ secret, clock, random, days: consent.request_days });
  const handles = createHandles({ sql, secret, clock, random, minutesToLive: config.handle_minutes });
  const purging = purgeHourly(handles, observer);
  return {
    engine,
    needsCase: (purpose) => purposes.get(purpose)?.caseRequired,
    statutoryBases: (purpose) => statutoryBases(purposes, purpose),
    leastAssurance: (purpose) => purposes.get(purpose)?.assurance ?? 'high',
    closedToConsent: createClosedToConsent({ decisions, clients }),
    permissionsFor: (question) => decisions.decide(question),
    isInView: createCallerView({ decisions, purposes }),
    openGate: createOpenGate({
      purposes,
      consents,
      protection,
      requests,
      clock,
      standIns: { decoys: config.protection?.decoys ?? [], secret },
    }),
    nexus,
    consents,
    keepBaseline: () => keepBaseline({ sql, clock }, texts.all),
    openRequest: (token) => requests.open(token),
    knows: {
      agency: (id) => agencies.includes(id),
      purpose: (name) => purposes.get(name)?.bases.includes('consent') ?? false,
      category: (name) => categories.has(name),
    },
    longest: {
      request: longestRequest({ agencies, purposes: consentPurposes(purposes), categories: categories.keys() }),
      categories: categories.size,
    },
    defaultDays: consent.default_days,
    maxDays: consent.max_days,
    handles,
    pseudonyms,
    derivations: createDerivations(pseudonyms),
    close: async () => {
      clearInterval(purging);
      protection.close();
      nexus.close();
    },
  };
}

function boundsOf({ bounds }: ConsentConfig): ConsentBounds {
  return { inForce: bounds.in_force, newPerHour: bounds.new_per_hour };
}

function purgeHourly(handles: StoredHandles, observer: Observer): NodeJS.Timeout {
  return setInterval(
    () => void handles.purge().catch(() => observer.log('warn', 'handles_not_purged')),
    PURGE_EVERY_MS,
  ).unref();
}

/** Returns the names of the purposes that may rest on consent. */
export function consentPurposes(purposes: Purposes): readonly string[] {
  return purposes.names.filter((name) => purposes.get(name)?.bases.includes('consent'));
}

function statutoryBases(purposes: Purposes, purpose: string): readonly Basis[] {
  return purposes.get(purpose)?.bases.filter((basis) => basis !== 'consent') ?? [];
}
