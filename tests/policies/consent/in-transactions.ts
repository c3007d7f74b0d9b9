import type { ConsentBounds } from '../../../policies/consent/bounds.js';
import type {
  ChangedConsent,
  ConsentAct,
  ConsentRecord,
  ConsentStore,
  Evidence,
  NewConsent,
} from '../../../policies/consent/port.js';
import type { ConsentTexts } from '../../../policies/consent/texts.js';
import type { Sql } from '../../../schemas/ports/sql.js';

/** Bounds that no test reaches by chance. */
export const WIDE_BOUNDS: ConsentBounds = { inForce: 10_000, newPerHour: 10_000 };

/** Texts for every purpose and category: each category has one field, `T.<category>`. */
export const EVERY_TEXT: ConsentTexts = {
  of: (purpose, category) => ({
    ...{ purpose, category, title: 'T', law: 'L', caseRequired: true },
    fields: [`T.${category}`],
  }),
  all: [],
  accepted: () => ({ wordings: [{ title: 'T', law: 'L' }], caseRequired: true }),
};

/** A consent store whose changes commit by themselves. In the gateway they commit with their entries. */
export interface InTransactions extends Pick<ConsentStore, 'states'> {
  /** The first hundred of the list. */
  list(subject: string): Promise<readonly ConsentRecord[]>;
  page: ConsentStore['list'];
  give(consent: NewConsent): Promise<ConsentRecord>;
  withdraw(consentId: string, subject: string, evidence: Evidence): Promise<ConsentRecord>;
  confirm(consentId: string, subject: string, evidence: Evidence): Promise<ConsentRecord>;
  /** The same changes, with the restrictions that they made. */
  readonly changed: {
    give(consent: NewConsent): Promise<ChangedConsent>;
    withdraw(act: ConsentAct): Promise<ChangedConsent>;
  };
}

export function inTransactions(sql: Sql, store: ConsentStore): InTransactions {
  const changed: InTransactions['changed'] = {
    give: (consent) => sql.transaction((tx) => store.give(tx, consent)),
    withdraw: (act) => sql.transaction((tx) => store.withdraw(tx, act)),
  };
  return {
    states: (question) => store.states(question),
    list: async (subject) => (await store.list(subject, { limit: 100 })).consents,
    page: (subject, page) => store.list(subject, page),
    give: async (consent) => (await changed.give(consent)).record,
    withdraw: async (consentId, subject, evidence) => (await changed.withdraw({ consentId, subject, evidence })).record,
    confirm: async (consentId, subject, evidence) =>
      (await sql.transaction((tx) => store.confirm(tx, { consentId, subject, evidence }))).record,
    changed,
  };
}
