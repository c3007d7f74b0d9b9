/** The systems that the demo's issuer knows, and the purposes for which each may ask. */

export const AGENCY_CLIENTS = {
  housing: { kind: 'system', agency: 'housing', purposes: ['housing_queue'] },
  social: { kind: 'system', agency: 'social', purposes: ['proactive_support'] },
  allowances: { kind: 'system', agency: 'social', purposes: ['birth_allowance'] },
  integrity: { kind: 'system', agency: 'integrity', purposes: ['declaration_check'] },
  appeals: { kind: 'system', agency: 'appeals', purposes: ['appeal_review'] },
  'appeals-ai': {
    kind: 'ai',
    agency: 'appeals',
    purposes: ['appeal_review'],
    model: { id: 'appeal-drafts', version: '2026-11' },
  },
} as const;

export type AgencyClientId = keyof typeof AGENCY_CLIENTS;

export const AGENCY_CLIENT_IDS = Object.keys(AGENCY_CLIENTS) as AgencyClientId[];

/** The application where citizens sign in. */
export const CITIZEN_CLIENT = 'citizen-window';
export const CITIZEN_PURPOSES = ['own_data'];

/** Registered without a port: a native application listens on whichever it gets (RFC 8252, 7.3). */
export const CITIZEN_REDIRECT_URI = 'http://127.0.0.1/callback';

/** The purposes that a client may ask tokens for; none for a client that no one registered. */
export function purposesOf(clientId: string): readonly string[] {
  if (clientId === CITIZEN_CLIENT) return CITIZEN_PURPOSES;
  return AGENCY_CLIENT_IDS.filter((id) => id === clientId).flatMap((id) => [...AGENCY_CLIENTS[id].purposes]);
}
