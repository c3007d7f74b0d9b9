import type { Person } from '../country/model.js';
import { CASE_OFFICERS, DESK_CLIENT } from './case-officers.js';
import type { Citizens } from './citizens.js';
import { DEMO_OFFICERS, OFFICER_CLIENTS } from './officers.js';

/** Who can sign in through one client, as the sign-in page lists them. */
export interface SignInList {
  /** Name of the form’s field that brings the choice. */
  readonly field: 'iin' | 'officer';
  readonly choices: readonly { readonly value: string; readonly name: string }[];
  /** Returns the subject of a choice, or undefined when no one can sign in with it. */
  signIn(value: string): string | undefined;
}

/** Everyone who can sign in. Officers sign in through officers’ clients only, and citizens through the others. */
export interface SignInLists {
  of(clientId: string): SignInList;
  /** Returns the number behind a subject, or undefined when there is no such subject. */
  iinOf(subject: string): string | undefined;
}

interface ListedOfficer {
  readonly subject: string;
  readonly iin: string;
  readonly post: string;
}

/** Makes the lists of a country. */
export function signInLists(citizens: Citizens, persons: readonly Person[]): SignInLists {
  const names = new Map(persons.map(({ iin, lastName, firstName }) => [iin, `${lastName} ${firstName}`]));
  const numbers = new Map([...DEMO_OFFICERS, ...CASE_OFFICERS].map(({ subject, iin }) => [subject, iin]));
  const listOf = (officers: readonly ListedOfficer[]): SignInList => ({
    field: 'officer',
    choices: officers.map(({ subject, iin, post }) => ({
      value: subject,
      name: `${names.get(iin) ?? ''}, ${post}`,
    })),
    signIn: (value) => officers.find(({ subject }) => subject === value)?.subject,
  });
  const [ofOfficers, ofDesk] = [listOf(DEMO_OFFICERS), listOf(CASE_OFFICERS)];
  const ofCitizens: SignInList = {
    field: 'iin',
    choices: citizens.listed.map(({ iin, name }) => ({ value: iin, name })),
    signIn: (value) => citizens.signIn(value),
  };
  return {
    of: (clientId) =>
      OFFICER_CLIENTS.includes(clientId) ? ofOfficers : clientId === DESK_CLIENT ? ofDesk : ofCitizens,
    iinOf: (subject) => numbers.get(subject) ?? citizens.iinOf(subject),
  };
}
