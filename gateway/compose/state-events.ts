import type { Observer } from '../../schemas/ports/observer.js';
import { isOneFromStanding, type Standbys } from '../state/checks/standbys.js';
import type { StateOptions } from '../state/state-options.js';

/** Reports what happens to the state database: a line for each change, and the standbys as metrics. */
export function reportStateEvents(
  observer: Observer,
): Required<Pick<StateOptions, 'onSupervised' | 'onRefused' | 'onStandbys'>> {
  let last: string | undefined;
  return {
    onSupervised: (event) =>
      observer.log(event === 'failed' ? 'error' : 'warn', 'embedded_database', { outcome: event }),
    onRefused: (failure) =>
      failure === undefined
        ? observer.log('info', 'state_database_accepted')
        : observer.log('error', 'state_database_refused', {
            code: failure.code,
            problem: failure.message,
            hint: failure.hint,
          }),
    onStandbys: (standbys) => {
      const { required, candidates, areTold } = standbys;
      observer.gauge('tereze_state_standbys_required', required);
      observer.gauge('tereze_state_standbys_connected', candidates);
      if (last === (last = summary(standbys))) return;
      if (isOneFromStanding(standbys)) observer.log('warn', 'state_standbys_few', { required, connected: candidates });
      if (required > 0 && !areTold) observer.log('info', 'state_standbys_not_told', { grant: 'pg_read_all_stats' });
    },
  };
}

function summary({ required, candidates, areTold }: Standbys): string {
  return `${required} ${candidates} ${areTold}`;
}
