import { agenciesAreOrganisations } from './agencies-are-organisations.js';
import { consentPeriods } from './consent-periods.js';
import { distinctIssuers } from './distinct-issuers.js';
import { encryptedConnections } from './encrypted-connections.js';
import { insecureIssuers } from './insecure-issuers.js';
import { productionAddresses } from './production-addresses.js';
import { registeredSystems } from './registered-systems.js';
import type { ConfigRule } from './rule.js';
import { separateOperations } from './separate-operations.js';
import { standingFactTime } from './standing-fact-time.js';
import { workersShareDatabase } from './workers-share-database.js';

/** Every rule across keys, checked once the shape is right. */
export const CONFIG_RULES: readonly ConfigRule[] = [
  productionAddresses,
  encryptedConnections,
  insecureIssuers,
  standingFactTime,
  separateOperations,
  distinctIssuers,
  agenciesAreOrganisations,
  registeredSystems,
  consentPeriods,
  workersShareDatabase,
];
