import type { EntryLogReader } from '../../monitoring/audit/entries.js';
import type { OfficerRole, OfficersConfig } from '../config/parts/officers.js';

/** Who an officer is, whichever client they sign in through. */
export interface OfficerId {
  readonly issuer: string;
  /** Opaque id at the issuer: never a number of a person. */
  readonly subject: string;
}

/** A registered officer who has signed in. */
export interface Officer extends OfficerId {
  /** Id of the agency that the officer belongs to. */
  readonly agency: string;
  readonly roles: ReadonlySet<OfficerRole>;
  /** The client through which the officer signed in. */
  readonly client: string;
  /** The officer's own number, if the issuer says it. No entry and no answer has it. */
  readonly person?: string | undefined;
}

/** The officers of one reading of the configuration. */
export interface Officers {
  /** Returns the officer with this identity who signed in through this client; undefined if either is not registered. */
  find(id: OfficerId & Pick<Officer, 'person'>, client: string): Officer | undefined;
  /** Returns what a registered officer may do and where they belong, whichever client they use. */
  registered(id: OfficerId): Pick<Officer, 'agency' | 'roles'> | undefined;
}

/** Makes the registry of officers, by issuer and subject. */
export function createOfficers({ clients, people }: Pick<OfficersConfig, 'clients' | 'people'>): Officers {
  const byId = new Map(
    people.map((person) => [keyOf(person), { agency: person.agency, roles: new Set(person.roles) }] as const),
  );
  const registered: Officers['registered'] = (id) => byId.get(keyOf(id));
  return {
    registered,
    find: ({ issuer, subject, person }, client) => {
      const found = clients.includes(client) ? registered({ issuer, subject }) : undefined;
      return found && { ...found, issuer, subject, client, ...(person === undefined ? {} : { person }) };
    },
  };
}

/** An issuer is an address without a space. */
const keyOf = ({ issuer, subject }: OfficerId): string => `${issuer} ${subject}`;

/** Returns whether two identities are of one officer. */
export function isSameOfficer(one: OfficerId, other: OfficerId): boolean {
  return keyOf(one) === keyOf(other);
}

/** Returns the agency to which what an officer sees is limited; undefined for a national officer. */
export function scopeOf({ agency, roles }: Pick<Officer, 'agency' | 'roles'>): string | undefined {
  return roles.has('national') ? undefined : agency;
}

/** Returns an officer as entries state the reader of the log. */
export function readerOf({ agency, client, subject }: Pick<Officer, 'agency' | 'client' | 'subject'>): EntryLogReader {
  return { agency, system: client, kind: 'officer', officer: subject };
}
