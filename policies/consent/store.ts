import { confirmConsent } from './confirm.js';
import { giveConsent } from './give.js';
import { listConsents } from './pages.js';
import type { ConsentStore } from './port.js';
import type { ConsentStoreOptions } from './revisions.js';
import { readStates } from './states.js';
import { withdrawConsent } from './withdraw.js';

/**
 * Consents in PostgreSQL.
 *
 * Consents to the same categories, for the same agency, purpose and case, are one record. Giving the
 * consent again adds a revision with the new end, so that one withdrawal ends it; an earlier end than
 * before is a restriction. The caller may repeat `give`, `withdraw` and `confirm` when their outcome is unknown.
 */
export function createConsentStore(options: ConsentStoreOptions): ConsentStore {
  return {
    states: (question) => readStates(question, options),
    give: (tx, consent) => giveConsent(tx, consent, options),
    withdraw: (tx, withdrawal) => withdrawConsent(tx, withdrawal, options),
    confirm: (tx, confirmation) => confirmConsent(tx, confirmation, options),
    list: (subject, page) => listConsents(subject, page, options),
  };
}
