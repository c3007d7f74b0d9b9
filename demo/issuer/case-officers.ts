import type { AgencyId } from '../country/organisations.js';
import { OFFICIAL } from '../country/people.js';

/** An officer who works on cases. An AI service of the same agency may act for them. */
export interface CaseOfficer {
  /** Opaque id at the issuer (`sub`). */
  readonly subject: string;
  readonly agency: AgencyId;
  /** What the officer does, in words of the sign-in page. */
  readonly post: string;
  readonly iin: string;
}

export const CASE_OFFICERS: readonly CaseOfficer[] = [
  {
    subject: 'officer-appeals-1',
    agency: 'appeals',
    post: 'officer who answers appeals',
    iin: OFFICIAL.iin,
  },
];

/** The application in which these officers work: they sign in through it. It asks the gateway nothing. */
export const DESK_CLIENT = 'officers-desk';
/** Registered without a port: a native application (RFC 8252, section 7.3). */
export const DESK_REDIRECT_URI = 'http://127.0.0.1/callback';
