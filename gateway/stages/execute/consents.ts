import { ConsentNotFound } from '../../../policies/consent/own-consent.js';
import type { ConsentStore, Evidence } from '../../../policies/consent/port.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { Executed, Intended } from '../../request.js';
import type { ConsentAllowed, ConsentOutcome, ConsentWork } from '../plan/consents.js';
import { assertAssurance, type AssuranceDependencies } from '../authorize/assurance.js';
import { assertMayGive, type FenceDependencies } from './may-give.js';

type Request = Intended<ConsentWork, ConsentAllowed>;

export interface ExecuteConsentDependencies extends FenceDependencies, AssuranceDependencies {
  readonly consents: ConsentStore;
}

/** Lists the citizen's own consents, or prepares to give, withdraw or confirm one. */
export async function executeConsent(
  request: Request,
  dependencies: ExecuteConsentDependencies,
): Promise<Executed<ConsentWork, ConsentAllowed, ConsentOutcome>> {
  return { ...request, outcome: await perform(request, dependencies) };
}

async function perform(request: Request, dependencies: ExecuteConsentDependencies): Promise<ConsentOutcome> {
  const { consents, fence } = dependencies;
  const { work, allowed } = request;
  const evidence = evidenceOf(request);
  switch (work.act) {
    case 'list':
      return { page: await consents.list(allowed.person, work.page) };
    case 'withdraw': {
      const withdrawal = { consentId: work.consentId, subject: allowed.person, evidence };
      return { change: (tx) => consents.withdraw(tx, withdrawal).catch(refuseUnknown) };
    }
    case 'confirm': {
      assertMayGive({ fence });
      const confirmation = { consentId: work.consentId, subject: allowed.person, evidence };
      return {
        change: async (tx) => {
          const confirmed = await consents.confirm(tx, confirmation).catch(refuseUnknown);
          // Only the record says for which purpose it is. The refusal undoes the confirmation.
          assertAssurance(request, confirmed.record.purpose, confirmed.record.categories, dependencies);
          return confirmed;
        },
      };
    }
    case 'give': {
      assertMayGive({ fence });
      const { caseNumber, agency, purpose, categories, validUntil } = work.terms;
      const terms = { agency, purpose, categories, validUntil, ...(caseNumber === undefined ? {} : { caseNumber }) };
      return { change: (tx) => consents.give(tx, { ...terms, subject: allowed.person, evidence }) };
    }
  }
}

function refuseUnknown(error: unknown): never {
  if (error instanceof ConsentNotFound) throw new Refusal('CONSENT_NOT_FOUND');
  throw error;
}

/** What evidence keeps for a token whose issuer does not say how it authenticated the person. */
const NO_ACR = 'urn:tereze:assurance:none';

function evidenceOf({ token, requestId }: Request): Evidence {
  return { issuer: token.issuer, tokenHash: token.idHash, assurance: token.acr ?? NO_ACR, requestId };
}
