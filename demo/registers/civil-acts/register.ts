import type { CivilRecord } from '../../country/model.js';
import type { HttpRegister } from '../http-register.js';
import type { Meter } from '../meter.js';
import { restRecords } from '../rest-records.js';
import { actsRecord } from './record.js';

const MAX_BATCH = 200;

/** The register of civil acts: REST and JSON, single and batch; numbers go in the body. */
export function civilActsRegister(acts: readonly CivilRecord[], apiKey: string, meter: Meter): HttpRegister {
  const records = new Map(acts.map((record) => [record.iin, actsRecord(record)]));
  return restRecords({ path: '/api/v1/acts', records, apiKey, maxBatch: MAX_BATCH }, meter);
}
