import { createLog } from '../../monitoring/log.js';
import { createMetrics } from '../../monitoring/metrics.js';
import { createObserver } from '../../monitoring/observer.js';
import { createContractReader } from '../../schemas/quality/contracts/read-contracts.js';
import type { Config } from '../config/schema.js';
import { systemClock } from './clock.js';
import { createHttpClient } from './http-client.js';
import { load } from './load.js';
import { plannerProcesses } from './preparer.js';
import { systemRandom } from './random.js';

/**
 * Loads what a gateway loads at start, and discards it. Opens no port, no database and no connection.
 * Rejects with the error at which `startGateway` would stop, or with `SeveralProblems`.
 */
export async function validateFiles(config: Config, contracts = createContractReader()): Promise<void> {
  const { time_zone: timeZone, fact_date: factDate } = config.jurisdiction;
  const observer = createObserver(createLog(config.telemetry.log_level), createMetrics());
  const planners = plannerProcesses(observer);
  try {
    const loaded = await load(config, {
      clock: systemClock({ timeZone, factDate }),
      random: systemRandom,
      http: createHttpClient(),
      observer,
      planners,
      contracts,
    });
    await loaded.close();
  } finally {
    await planners.close();
  }
}
