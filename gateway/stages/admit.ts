import type { Slots } from '../admission/slots.js';
import type { Admitted, Authenticated } from '../request.js';

export interface AdmitDependencies {
  readonly slots: Slots;
}

/**
 * Reads the body of a known caller, then takes a slot for its work. The slot is free again when the
 * answer was sent or the client has gone.
 */
export async function admit(request: Authenticated, { slots }: AdmitDependencies): Promise<Admitted> {
  const { connection } = request;
  const body = await connection.readBody();
  connection.whenEnded(slots.enter());
  return { ...request, body };
}
