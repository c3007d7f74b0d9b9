import type { Protocol } from '../../../adapters/protocol.js';
import { agenciesAreOrganisations } from './agencies-are-organisations.js';
import { connectionLimits } from './connection-limits.js';
import { anchorPlaces } from './anchor-places.js';
import { consentPeriods } from './consent-periods.js';
import { distinctIssuers } from './distinct-issuers.js';
import { drainOutlastsAnswers } from './drain-outlasts-answers.js';
import { encryptedConnections } from './encrypted-connections.js';
import { insecureIssuers } from './insecure-issuers.js';
import { productionAddresses } from './production-addresses.js';
import { officersAddress } from './officers-address.js';
import { officersPage } from './officers-page.js';
import { queueHoldsRequests } from './queue-holds-requests.js';
import { registeredSystems } from './registered-systems.js';
import type { ConfigRule } from './rule.js';
import { namedLogs } from './named-logs.js';
import { registeredOfficers } from './registered-officers.js';
import { separateOperations } from './separate-operations.js';
import { servedLog } from './served-log.js';
import { standingFactTime } from './standing-fact-time.js';
import { statedAnchor } from './stated-anchor.js';
import { statedDurability } from './stated-durability.js';
import { separateIdentity, statedIdentity } from './stated-identity.js';
import { workersShareDatabase } from './workers-share-database.js';

/** Returns every rule across keys. They are checked once the shape is right. */
export const configRules = (protocols: readonly Protocol[]): readonly ConfigRule[] => [
  productionAddresses,
  encryptedConnections(protocols),
  insecureIssuers,
  standingFactTime,
  separateOperations,
  connectionLimits,
  distinctIssuers,
  agenciesAreOrganisations,
  registeredSystems,
  registeredOfficers,
  officersAddress,
  officersPage,
  consentPeriods,
  queueHoldsRequests,
  drainOutlastsAnswers,
  workersShareDatabase,
  anchorPlaces,
  statedDurability,
  statedAnchor,
  namedLogs,
  servedLog,
  statedIdentity,
  separateIdentity,
];
