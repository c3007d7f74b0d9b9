import { Refusal } from '../../../schemas/refusal.js';
import type { Authorized, Planned } from '../../request.js';
import type { ConsentAllowed, ConsentWork } from '../plan/consents.js';

/** A consent is the citizen's own act: nobody else's token opens it. */
export function createAuthorizeConsent() {
  return async (request: Planned<ConsentWork>): Promise<Authorized<ConsentWork, ConsentAllowed>> => {
    const { caller } = request;
    if (caller.kind !== 'citizen' || caller.person === undefined) throw new Refusal('CITIZEN_REQUIRED');
    return { ...request, allowed: { person: caller.person }, subjects: [caller.person] };
  };
}
