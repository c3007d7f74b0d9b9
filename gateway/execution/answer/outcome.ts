import type { GraphQLFormattedError } from 'graphql';
import { formatError } from '../../errors.js';
import { isWithheld } from '../data/fault.js';
import type { ExecutionOutcome, WithheldField } from '../port.js';
import { Projection, ERROR_REPORTED, type PlacedFault, type ProjectObject } from './projection.js';
import type { Run } from '../run.js';
import type { DataObject } from '../data/data-object.js';

/** Returns the answer in the client's form. `project` writes the answer from the merged data. */
export function outcomeOf(run: Run, project: ProjectObject): ExecutionOutcome {
  const projection = new Projection(run.annotations);
  const projected = projection.withRecords(run.data, undefined, project);
  const withheldWhole = run.withheldWhole;
  const faults = withheldWhole ? missingBases(projection, run) : projection.faults;
  if (withheldWhole) run.accessRecord.discloseNothing();
  return {
    data: withheldWhole || projected === ERROR_REPORTED ? null : (projected as DataObject),
    errors: faults.map((placed) => formatFault(placed, run.work.requestId)),
    withheld: faults.flatMap(withheldField),
    records: withheldWhole ? [] : projection.recordQualities,
  };
}

/** Returns every missing basis of an atomic operation. A fault has no path if no field that the client wrote shows it. */
function missingBases(projection: Projection, { annotations }: Run): readonly PlacedFault[] {
  const shown = projection.faults.filter(({ fault }) => isWithheld(fault));
  return shown.length > 0 ? shown : annotations.withheld.slice(0, 1).map((fault) => ({ path: [], fault }));
}

function formatFault({ path, fault }: PlacedFault, requestId: string): GraphQLFormattedError {
  const { code, serviceName, consentRequest, reasons, retryAt } = fault;
  return formatError(code, {
    requestId,
    ...(path.length > 0 ? { path } : {}),
    ...(serviceName === undefined ? {} : { serviceName }),
    ...(consentRequest === undefined ? {} : { consentRequest }),
    ...(reasons === undefined ? {} : { reasons }),
    ...(retryAt === undefined ? {} : { retryAt }),
  });
}

function withheldField({ path, fault }: PlacedFault): readonly WithheldField[] {
  if (!isWithheld(fault)) return [];
  const { category, code, consentRequest } = fault;
  return [{ path, category, code, ...(consentRequest === undefined ? {} : { consentRequest }) }];
}
