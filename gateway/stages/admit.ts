import type { Admission } from '../admission/admission.js';
import type { Slots } from '../admission/slots.js';
import { isWithdrawal, type Admitted, type Authenticated } from '../request.js';

export interface AdmitDependencies {
  readonly admission: Admission;
  readonly slots: Slots;
}

/**
 * Admits a request of a known caller: checks the caller's rate, reads the body, then takes a slot for
 * the work. The slot is free again when the answer was sent or the client has gone.
 */
export async function admit(request: Authenticated, dependencies: AdmitDependencies): Promise<Admitted> {
  dependencies.admission.assertWithinRate(request.caller);
  return takeUp(request, dependencies);
}

/** Admits an act on consents in the same way, but takes a withdrawal at any rate. */
export async function admitConsent(request: Authenticated, dependencies: AdmitDependencies): Promise<Admitted> {
  return isWithdrawal(request) ? takeUp(request, dependencies) : admit(request, dependencies);
}

async function takeUp(request: Authenticated, { admission, slots }: AdmitDependencies): Promise<Admitted> {
  const { caller, connection, signal } = request;
  const body = await connection.readBody();
  const claimant = admission.claimantOf(caller);
  connection.whenEnded(await slots.enter(claimant, signal));
  return { ...request, body, claimant };
}
