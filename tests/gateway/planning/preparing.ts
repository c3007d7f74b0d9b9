import { join } from 'node:path';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { QUERIES_ONLY } from '../../../gateway/planning/document/validate.js';
import { createDocumentPreparer, type DocumentPreparer } from '../../../gateway/planning/prepare.js';
import { createPlanner } from '../../../gateway/planning/planner/planner.js';
import type { FootprintEntry, PlannedDocument, Planner } from '../../../gateway/planning/plan.js';
import { composeCatalogue } from '../../../schemas/catalogue/compose.js';
import type { Catalogue } from '../../../schemas/catalogue/governance.js';
import { buildPublicSchema } from '../../../schemas/catalogue/public-schema.js';
import { loadRegisters } from '../../../schemas/catalogue/register-schema.js';
import { Refusal } from '../../../schemas/refusal.js';
import { registers } from '../../schemas/catalogue/registers.js';

export const LIMITS = {
  maxBytes: 32_768,
  maxTokens: 2_000,
  maxDepth: 15,
  maxAliases: 100,
  maxRootFields: 30,
  maxFields: 2_000,
  maxFragments: 50,
};

/** The registers of the repository, composed. */
export const CATALOGUE = composeCatalogue(loadRegisters(join(packageRoot(), 'schemas', 'registers')));

/** A preparer over a catalogue, with the real planner unless told otherwise. */
export function preparer(
  catalogue: Catalogue = CATALOGUE,
  planner: Planner = createPlanner(catalogue.supergraphSdl, { deadlineMs: 60_000 }),
): DocumentPreparer {
  return createDocumentPreparer({
    catalogue,
    publicSchema: buildPublicSchema(catalogue.publicSdl),
    planner,
    limits: LIMITS,
    maxDocuments: 10,
    maxPlanning: 2,
    allowedOperations: QUERIES_ONLY,
  });
}

/** Prepares one text over registers given by their SDL, or over those of the repository. */
export function prepared(text: string, sdls?: Readonly<Record<string, string>>): Promise<PlannedDocument> {
  return preparer(sdls && composeCatalogue(registers(sdls))).prepare(text, undefined, undefined);
}

/** What a document is refused for: `CODE reason,reason`. Anything but a refusal fails. */
export async function refusal(of: Promise<unknown> | (() => unknown)): Promise<string> {
  try {
    await (typeof of === 'function' ? of() : of);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return [error.code, error.reasons.join(',')].join(' ').trim();
  }
  return 'nothing was refused';
}

/** A footprint as `register Type.field category access: paths`. */
export function told(footprint: readonly FootprintEntry[]): readonly string[] {
  return footprint.map(
    ({ register, coordinate, category, access, clientPaths }) =>
      `${register} ${coordinate} ${category} ${access}: ${clientPaths.join(' ')}`,
  );
}

/** A question about one citizen of the repository's registers. */
export const citizen = (body: string, more = ''): string =>
  `query Q($iin: Iin!${more}) { citizen(iin: $iin) { ${body} } }`;

/** A planner that notes what it is given and answers nothing. */
export function notingPlanner(): Planner & { readonly given: string[] } {
  const given: string[] = [];
  return {
    given,
    overridePercentages: [],
    plan: (document) => {
      given.push(document);
      return Promise.resolve(undefined);
    },
  };
}
