import { footprintDependencies } from '../../../../gateway/planning/footprint/footprint.js';
import { describePlan } from '../../../../gateway/planning/render/describe-plan.js';
import type { PlanDescription } from '../../../../gateway/planning/render/description.js';
import { composeCatalogue } from '../../../../schemas/catalogue/compose.js';
import type { Catalogue } from '../../../../schemas/catalogue/governance.js';
import { plainCatalogue } from '../../../../schemas/catalogue/plain-supergraph.js';
import { registers } from '../../../schemas/catalogue/registers.js';
import { COUNTRY } from '../country.js';
import { preparer } from '../preparing.js';

/** The registers of `country.ts`, governed. */
export const GOVERNED = composeCatalogue(registers(COUNTRY));
/** The same supergraph alone. */
export const PLAIN = plainCatalogue(GOVERNED.supergraphSdl, 'country.graphql');

/** Prepares a document with the real planner, and describes its plan. */
export async function described(text: string, catalogue: Catalogue = GOVERNED): Promise<PlanDescription> {
  return describePlan(await preparer(catalogue).prepare(text, undefined, undefined), footprintDependencies(catalogue));
}
