import type { Verdict } from '../vocabulary.js';

const WORSE_LAST: readonly Verdict[] = ['not_evaluated', 'pass', 'flagged', 'rejected'];

/** The verdict of several records together: the worst of them. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce<Verdict>(
    (soFar, verdict) => (WORSE_LAST.indexOf(verdict) > WORSE_LAST.indexOf(soFar) ? verdict : soFar),
    'not_evaluated',
  );
}
