import { ConsentNotFound } from '../../../policies/consent/store.js';
import type { ConsentRecord, ConsentStore, Evidence } from '../../../policies/consent/port.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { Executed, Intended } from '../../request.js';
import type { ConsentAllowed, ConsentOutcome, ConsentWork } from '../plan/consents.js';

type Request = Intended<ConsentWork, ConsentAllowed>;

export interface ExecuteConsentDependencies {
  readonly consents: ConsentStore;
}

/** Gives, withdraws or lists the citizen's own consents. */
export async function executeConsent(
  request: Request,
  { consents }: ExecuteConsentDependencies,
): Promise<Executed<ConsentWork, ConsentAllowed, ConsentOutcome>> {
  return { ...request, outcome: { consents: await perform(request, consents) } };
}

async function perform(request: Request, consents: ConsentStore): Promise<readonly ConsentRecord[]> {
  const { work, allowed } = request;
  switch (work.act) {
    case 'list':
      return consents.list(allowed.person);
    case 'withdraw':
      return [await withdraw(request, work.consentId, consents)];
    case 'give': {
      const { caseNumber, agency, purpose, categories, validUntil } = work.terms;
      const terms = { agency, purpose, categories, validUntil };
      return [
        await consents.give({
          ...terms,
          ...(caseNumber === undefined ? {} : { caseNumber }),
          subject: allowed.person,
          evidence: evidenceOf(request),
        }),
      ];
    }
  }
}

async function withdraw(request: Request, consentId: string, consents: ConsentStore): Promise<ConsentRecord> {
  try {
    return await consents.withdraw(consentId, request.allowed.person, evidenceOf(request));
  } catch (error) {
    if (error instanceof ConsentNotFound) throw new Refusal('CONSENT_NOT_FOUND');
    throw error;
  }
}

function evidenceOf({ token, caller, requestId }: Request): Evidence {
  return { issuer: token.issuer, tokenHash: token.idHash, assurance: caller.assurance, requestId };
}
