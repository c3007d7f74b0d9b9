import type { OnBehalfOf } from '../../../adapters/port.js';
import type { Authenticated } from '../../request.js';

/** Returns what registers learn about the caller. A citizen's number is left out, because it is the subject's. */
export function onBehalfOf({
  caller,
  purpose,
  case: matter,
}: Pick<Authenticated, 'caller' | 'purpose' | 'case'>): OnBehalfOf {
  const { agency, system } = caller;
  const officer = caller.officer ?? caller.actor;
  return {
    system,
    purpose,
    ...(agency === undefined ? {} : { agency }),
    ...(officer === undefined ? {} : { officer }),
    ...(matter === undefined ? {} : { case: matter }),
  };
}
