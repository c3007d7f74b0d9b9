import type { BusinessRecord } from '../../country/model.js';
import type { HttpRegister } from '../http-register.js';
import type { Meter } from '../meter.js';
import { restRecords } from '../rest-records.js';
import { personInBusiness } from './record.js';
import { securityServer } from './security-server.js';

/** How the gateway is called on X-Road, and the service that it calls. */
export const BUSINESS_CLIENT = ['KZ', 'GOV', '000740000728', 'tereze'];
export const BUSINESS_SERVICE = ['KZ', 'GOV', '990140090002', 'business', 'persons'];

const MAX_BATCH = 200;

/** The register of business behind the security servers of X-Road: JSON, single and batch, numbers in the body. */
export function businessRegister(business: readonly BusinessRecord[], meter: Meter): HttpRegister {
  const records = new Map(business.map((record) => [record.iin, personInBusiness(record)]));
  return securityServer(restRecords({ path: '/v1', records, maxBatch: MAX_BATCH }, meter), {
    clients: [BUSINESS_CLIENT],
    service: BUSINESS_SERVICE,
  });
}
