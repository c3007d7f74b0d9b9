import { createHash } from 'node:crypto';
import { canonicalBytes } from '../../monitoring/audit/canonical.js';
import type { IdentifiedPerson, PersonPlace } from '../../monitoring/identity/open-people.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import type { IdentifyRequest, RequestStore } from './request-store.js';

/** An officer who has just proven who they are, to this process. */
export interface PresentOfficer {
  readonly issuer: string;
  readonly subject: string;
  readonly agency: string;
  /** The client through which the officer signed in. */
  readonly client: string;
  readonly roles: { has(role: 'identify' | 'second' | 'national'): boolean };
}

/** What an officer asks. */
export interface IdentifyQuestion {
  readonly reason: string;
  readonly case: IdentifyRequest['case'];
  readonly places: readonly PersonPlace[];
}

/** Why a step is refused, from a closed set. */
export type IdentifyRefusal =
  | 'role'
  | 'too_many_people'
  | 'repeated_person'
  | 'too_many_requests'
  /** No such request, or none that this officer may know of. */
  | 'unknown_request'
  /** The hash is not that of the request. */
  | 'changed'
  | 'expired'
  | 'same_officer'
  | 'other_agency'
  | 'not_approved'
  | 'decided'
  | 'used'
  | 'budget'
  /** The store may not have taken what happened. */
  | 'store';

/** A step that is refused. Nothing was opened. */
export class IdentifyRefused extends Error {
  readonly reason: IdentifyRefusal;
  constructor(reason: IdentifyRefusal, cause?: unknown) {
    super(`identifying people was refused: ${reason}`, { cause });
    this.name = 'IdentifyRefused';
    this.reason = reason;
  }
}

/** People that one request may name. */
export const MOST_PEOPLE = 10_000;
const DAY_MS = 86_400_000;
/** Requests that wait, in total and of one officer. Their people are in memory. */
const MOST_WAITING = 50;
const MOST_WAITING_EACH = 10;
/** A request that has ended is kept this long, to say what was done. */
const KEPT_MS = 400 * DAY_MS;

export interface IdentifyingOptions {
  readonly store: Pick<RequestStore, 'all' | 'put' | 'drop'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'uuid'>;
  readonly observer: Pick<Observer, 'log'>;
  /** People that may be identified within 24 hours, all requests together. */
  readonly perDay: number;
  /** Opens the identities; only entries of callers of this agency, or of all. */
  readonly open: (
    places: readonly PersonPlace[],
    onlyAgency: string | undefined,
  ) => Promise<readonly IdentifiedPerson[]>;
  /**
   * Records in the audit log that people are identified, around `read`: calls it once the entry is committed, and resolves
   * with its result once the number of people is. Rejects, and has not called it, if the log cannot be written.
   */
  readonly record: (
    officer: PresentOfficer,
    request: IdentifyRequest,
    read: () => Promise<readonly IdentifiedPerson[]>,
  ) => Promise<readonly IdentifiedPerson[]>;
}

/**
 * Identifies people for two officers.
 *
 * One officer asks (role `identify`), another approves that exact request, by its hash (role `second`, of the same agency
 * or `national`), and the first one then receives the numbers, once, within 24 hours of asking. Each of them is present at
 * each step: who calls these functions has verified their token and proof.
 *
 * Every step is on disk before its answer leaves. An entry of the audit log says that people are identified, and the request
 * counts as used and its people as identified, before the first identity is opened. If it is not known whether that was written, nothing is opened, and nothing will be by that request
 * while this process lives.
 */
export class Identifying {
  readonly #options: IdentifyingOptions;
  readonly #requests: Map<string, IdentifyRequest>;
  /** Requests of which it is not known whether their use was written. */
  readonly #spent = new Set<string>();

  /** Reads what the store has. Throws `StoreDamaged`. */
  constructor(options: IdentifyingOptions) {
    this.#options = options;
    this.#requests = new Map(options.store.all().map((request) => [request.id, request]));
  }

  ask(officer: PresentOfficer, { reason, case: matter, places }: IdentifyQuestion): IdentifyRequest {
    demand(officer.roles.has('identify'), 'role');
    demand(places.length > 0 && places.length <= MOST_PEOPLE, 'too_many_people');
    const asked = places.map(({ log, index, position }) => ({ log, index, position }));
    demand(new Set(asked.map((place) => JSON.stringify(place))).size === asked.length, 'repeated_person');
    this.#tidy();
    const waiting = [...this.#requests.values()].filter((request) => this.#isWaiting(request));
    demand(waiting.length < MOST_WAITING, 'too_many_requests');
    demand(waiting.filter(({ asker }) => isSame(asker, officer)).length < MOST_WAITING_EACH, 'too_many_requests');
    const now = this.#options.clock.now();
    const unhashed = {
      id: this.#options.random.uuid(),
      asker: idOf(officer),
      reason,
      case: { agency: matter.agency, number: matter.number },
      places: asked,
    };
    const request: IdentifyRequest = {
      ...unhashed,
      people: asked.length,
      hash: requestHash(unhashed),
      askedAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + DAY_MS).toISOString(),
      approved: null,
      refused: null,
      usedAt: null,
    };
    this.#keep(request);
    this.#log('identify_asked', request, officer);
    return request;
  }

  /** Returns a request to its asker, and to those who may decide on it. */
  show(officer: PresentOfficer, id: string): IdentifyRequest {
    const request = this.#requests.get(id);
    const mayKnow = request !== undefined && (isSame(request.asker, officer) || maySecond(officer, request));
    if (request === undefined || !mayKnow) throw new IdentifyRefused('unknown_request');
    return request;
  }

  approve(officer: PresentOfficer, id: string, hash: string): IdentifyRequest {
    const request = this.#toDecide(officer, id, hash);
    const decided = { ...request, approved: this.#decision(officer) };
    this.#keep(decided);
    this.#log('identify_approved', decided, officer);
    return decided;
  }

  refuse(officer: PresentOfficer, id: string, hash: string): IdentifyRequest {
    const request = this.#toDecide(officer, id, hash);
    const decided = { ...request, refused: this.#decision(officer) };
    this.#keep(decided);
    this.#log('identify_refused', decided, officer);
    return decided;
  }

  /** Resolves with the people of an approved request, once. */
  async identify(officer: PresentOfficer, id: string, hash: string): Promise<readonly IdentifiedPerson[]> {
    const request = this.#toIdentify(officer, id, hash);
    return this.#options.record(officer, request, async () => {
      // While the entry was written, the request may have been used, or have ended.
      const current = this.#toIdentify(officer, id, hash);
      // From here on the request is used, however it ends.
      this.#spent.add(id);
      const used = { ...current, places: [], usedAt: this.#options.clock.now().toISOString() };
      this.#keep(used);
      const onlyAgency = officer.roles.has('national') ? undefined : officer.agency;
      const people = await this.#options.open(current.places, onlyAgency);
      this.#log('identify_used', used, officer);
      return people;
    });
  }

  #toIdentify(officer: PresentOfficer, id: string, hash: string): IdentifyRequest {
    demand(officer.roles.has('identify'), 'role');
    const request = this.show(officer, id);
    demand(isSame(request.asker, officer), 'unknown_request');
    this.#check(request, hash);
    demand(request.refused === null && request.approved !== null, 'not_approved');
    demand(request.approved !== null && !isSame(request.approved.by, request.asker), 'same_officer');
    const since = this.#options.clock.now().getTime() - DAY_MS;
    demand(this.#identifiedSince(since) + request.people <= this.#options.perDay, 'budget');
    return request;
  }

  #toDecide(officer: PresentOfficer, id: string, hash: string): IdentifyRequest {
    demand(officer.roles.has('second'), 'role');
    const request = this.#requests.get(id);
    if (request === undefined) throw new IdentifyRefused('unknown_request');
    demand(!isSame(request.asker, officer), 'same_officer');
    demand(maySecond(officer, request), 'other_agency');
    this.#check(request, hash);
    demand(request.approved === null && request.refused === null, 'decided');
    return request;
  }

  /** The hash is computed again: a file that someone changed is not what was approved. */
  #check(request: IdentifyRequest, hash: string): void {
    demand(request.usedAt === null && !this.#spent.has(request.id), 'used');
    const now = this.#options.clock.now().getTime();
    demand(now >= Date.parse(request.askedAt) && now < Date.parse(request.expiresAt), 'expired');
    demand(request.hash === hash && requestHash(request) === hash, 'changed');
  }

  #decision(officer: PresentOfficer): NonNullable<IdentifyRequest['approved']> {
    return { by: idOf(officer), at: this.#options.clock.now().toISOString() };
  }

  #keep(request: IdentifyRequest): void {
    try {
      this.#options.store.put(request);
    } catch (error) {
      throw new IdentifyRefused('store', error);
    }
    this.#requests.set(request.id, request);
  }

  /** People that were identified, or may have been, since a time. */
  #identifiedSince(since: number): number {
    return [...this.#requests.values()]
      .filter(({ id, usedAt }) => (usedAt === null ? this.#spent.has(id) : Date.parse(usedAt) > since))
      .reduce((sum, { people }) => sum + people, 0);
  }

  #isWaiting({ usedAt, refused, expiresAt }: IdentifyRequest): boolean {
    return usedAt === null && refused === null && Date.parse(expiresAt) > this.#options.clock.now().getTime();
  }

  /** Forgets the people of requests that have ended, and after a time these requests. */
  #tidy(): void {
    const now = this.#options.clock.now().getTime();
    for (const request of this.#requests.values()) {
      const endedMs = now - Date.parse(request.expiresAt);
      if (endedMs > KEPT_MS) {
        this.#options.store.drop(request.id);
        this.#requests.delete(request.id);
      } else if (endedMs >= 0 && request.places.length > 0) this.#keep({ ...request, places: [] });
    }
  }

  #log(event: string, { id, hash, people, asker }: IdentifyRequest, { issuer, subject, agency }: PresentOfficer): void {
    this.#options.observer.log('info', event, {
      identifyRequest: id,
      hash,
      people,
      officer: subject,
      issuer,
      agency,
      asker: asker.subject,
    });
  }
}

/** Returns the hash of what was asked: hex of the SHA-256 of its RFC 8785 form. */
export function requestHash({
  id,
  asker,
  reason,
  case: matter,
  places,
}: Pick<IdentifyRequest, 'id' | 'asker' | 'reason' | 'case' | 'places'>): string {
  return createHash('sha256')
    .update(canonicalBytes({ id, asker, reason, case: matter, places }))
    .digest('hex');
}

function demand(holds: boolean, reason: IdentifyRefusal): void {
  if (!holds) throw new IdentifyRefused(reason);
}

function maySecond(officer: PresentOfficer, { asker }: IdentifyRequest): boolean {
  return officer.roles.has('second') && (officer.agency === asker.agency || officer.roles.has('national'));
}

type OfficerId = Pick<PresentOfficer, 'issuer' | 'subject'>;

function isSame(one: OfficerId, other: OfficerId): boolean {
  return one.issuer === other.issuer && one.subject === other.subject;
}

function idOf({ issuer, subject, agency }: PresentOfficer): IdentifyRequest['asker'] {
  return { issuer, subject, agency };
}
