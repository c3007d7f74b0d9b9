import type { AgencyId } from '../country/organisations.js';
import { APPEAL_FAMILY, HOUSING_FAMILY, OFFICIAL, SHOWCASE_FAMILY, SUPPORTED_FAMILY } from '../country/people.js';

/** An officer who questions the audit log, as the sign-in page and the gateway's configuration name them. */
export interface DemoOfficer {
  /** Opaque id at the issuer (`sub`). */
  readonly subject: string;
  readonly agency: AgencyId;
  readonly roles: readonly string[];
  /** What the officer is for, in words of the page. */
  readonly post: string;
  /** The officer’s own number: a claim of the token, so that a search for oneself is known as one. */
  readonly iin: string;
}

/** One of each kind. All are people of the country. */
export const DEMO_OFFICERS: readonly DemoOfficer[] = [
  {
    subject: 'officer-housing-1',
    agency: 'housing',
    roles: ['search', 'export'],
    post: 'officer of the housing agency',
    iin: SHOWCASE_FAMILY.wife.iin,
  },
  {
    subject: 'officer-housing-2',
    agency: 'housing',
    roles: ['search', 'second'],
    post: 'second officer of the housing agency',
    iin: OFFICIAL.iin,
  },
  {
    subject: 'officer-national',
    agency: 'integrity',
    roles: ['search', 'national', 'export', 'identify'],
    post: 'national officer',
    iin: APPEAL_FAMILY.husband.iin,
  },
  {
    subject: 'officer-data-protection',
    agency: 'integrity',
    roles: ['second', 'national'],
    post: 'data protection officer, who approves',
    iin: SUPPORTED_FAMILY.husband.iin,
  },
  {
    subject: 'officer-auditor',
    agency: 'integrity',
    roles: ['entries', 'national'],
    post: 'auditor, who verifies the log',
    iin: HOUSING_FAMILY.wife.iin,
  },
];

/** The command line of officers: a native application (RFC 8252). */
export const OFFICER_CLI_CLIENT = 'tereze-cli';
/** The officers’ page. */
export const OFFICER_PAGE_CLIENT = 'officers-page';
export const OFFICER_CLIENTS: readonly string[] = [OFFICER_CLI_CLIENT, OFFICER_PAGE_CLIENT];

/** Registered without a port: the command line listens on whichever it gets (RFC 8252, section 7.3). */
export const OFFICER_CLI_REDIRECT_URI = 'http://127.0.0.1/callback';

/** Path of the officers’ interface below its origin: with it, the resource of their tokens. */
export const OFFICERS_PATH = '/audit/v1';

/** Paths of the officers’ page: where the issuer sends the browser after a sign-in, and after a sign-out. */
export const OFFICER_PAGE_PATHS = { signedIn: '/sign-in/callback', signedOut: '/signed-out' } as const;
