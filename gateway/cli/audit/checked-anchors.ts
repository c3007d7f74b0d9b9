import { openAnchors, type OpenAnchor } from '../../../monitoring/anchors/open-anchors.js';
import { createLog } from '../../../monitoring/log.js';
import { createMetrics } from '../../../monitoring/metrics.js';
import { createObserver } from '../../../monitoring/observer.js';
import { systemClock } from '../../compose/clock.js';
import { createHttpClient } from '../../compose/http-client.js';
import { systemRandom } from '../../compose/random.js';
import type { Config } from '../../config/schema.js';

/** Returns the anchors of a configuration, retired ones too, to check proofs with. Throws `AnchorFileFailure`. */
export function checkedAnchors({ audit, jurisdiction, telemetry }: Config): readonly OpenAnchor['anchor'][] {
  const { time_zone: timeZone, fact_date: factDate } = jurisdiction;
  return openAnchors(audit.anchor, {
    http: createHttpClient(),
    clock: systemClock({ timeZone, factDate }),
    random: systemRandom,
    observer: createObserver(createLog(telemetry.log_level), createMetrics()),
  }).map(({ anchor }) => anchor);
}
