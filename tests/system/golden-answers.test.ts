import { expect } from 'chai';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  APPEAL_FAMILY,
  HOUSING_FAMILY,
  NEWBORN,
  OFFICIAL,
  SHOWCASE_FAMILY,
  SUPPORTED_FAMILY,
} from '../../demo/country/people.js';
import { packageRoot } from '../../gateway/state/package-root.js';
import { startSystem, type Answer, type RunningSystem } from './running-system.js';

const FOLDER = join(packageRoot(), 'tests', 'golden', 'answers');

/** One question as its agency asks it, and the answer as it was when someone last looked at it. */
const QUESTIONS = {
  HousingQueue: (system: RunningSystem) => asked(system, 'housing', 'housing_queue', HOUSING_FAMILY),
  'HousingQueue-bad-data': (system: RunningSystem) => asked(system, 'housing', 'housing_queue', SHOWCASE_FAMILY),
  FamilyCard: (system: RunningSystem) => asked(system, 'social', 'proactive_support', SUPPORTED_FAMILY),
  BirthAllowance: (system: RunningSystem) => birthAllowance(system),
  'BirthAllowance-consented': async (system: RunningSystem) => {
    for (const parent of [SUPPORTED_FAMILY.wife, SUPPORTED_FAMILY.husband]) {
      await system.ask(
        await system.citizen(parent.iin),
        { agency: 'social', purpose: 'birth_allowance', case: BIRTH_CASE, categories: ['tax.income'] },
        '/consents',
      );
    }
    return birthAllowance(system);
  },
  DeclarationCheck: async (system: RunningSystem) =>
    system.ask(await system.as('integrity', 'declaration_check', 'DC-2026-000501'), {
      documentId: 'DeclarationCheck',
      variables: { iin: OFFICIAL.iin },
    }),
  PensionCard: async (system: RunningSystem) =>
    system.ask(await system.citizen(OFFICIAL.iin), { documentId: 'PensionCard' }),
  AppealContext: async (system: RunningSystem) => {
    const { applicant, caseNumber } = APPEAL_FAMILY;
    const issued = await system.ask(
      await system.as('appeals', 'appeal_review', caseNumber),
      { iin: applicant.iin, for: 'appeals-ai' },
      '/handles',
    );
    return system.ask(await system.as('appeals-ai', 'appeal_review', caseNumber), {
      documentId: 'AppealContext',
      variables: { person: issued.data?.['handle'] },
    });
  },
} as const;

describe('golden answers', function () {
  this.timeout(60_000);
  let system: RunningSystem;

  before(async () => {
    system = await startSystem();
  });
  after(() => (system as RunningSystem | undefined)?.stop());

  for (const [name, ask] of Object.entries(QUESTIONS)) {
    it(`of ${name}`, async () => {
      const found = `${JSON.stringify(lasting(await ask(system)), undefined, 2)}\n`;
      const file = join(FOLDER, `${name}.json`);
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, found);
      expect(found, 'if the change is meant, run this test with UPDATE_GOLDEN=1').to.equal(readFileSync(file, 'utf8'));
    });
  }
});

const BIRTH_CASE = 'BA-2026-000401';

async function birthAllowance(system: RunningSystem): Promise<Answer> {
  return system.ask(await system.as('allowances', 'birth_allowance', BIRTH_CASE), {
    documentId: 'BirthAllowance',
    variables: { childIin: NEWBORN.iin },
  });
}

function asked(
  system: RunningSystem,
  client: string,
  purpose: string,
  { applicant, caseNumber }: typeof HOUSING_FAMILY,
): Promise<Answer> {
  return system.as(client, purpose, caseNumber).then((access) =>
    system.ask(access, {
      documentId: client === 'social' ? 'FamilyCard' : 'HousingQueue',
      variables: { iin: applicant.iin },
    }),
  );
}

/** What is the same in every installation, and at every time. */
function lasting({ status, data, errors, tereze }: Answer): object {
  const pseudonymous = JSON.parse(JSON.stringify(data), (key, value: unknown) =>
    key === 'pseudonym' && typeof value === 'string' ? 'differs in every installation' : value,
  ) as unknown;
  const quality = tereze['quality'] as { readonly verdict: string; readonly records: readonly object[] };
  // Parts from several registers are in the order in which the calls returned.
  return {
    status,
    data: pseudonymous,
    errors: inOrder(errors).map(
      ({ message, path, extensions: { code, whoMustAct, retryable, reasons, serviceName, consentRequest } }) => ({
        message,
        path,
        code,
        whoMustAct,
        retryable,
        reasons,
        serviceName,
        consentRequest: consentRequest === undefined ? undefined : 'sealed',
      }),
    ),
    withheld: inOrder(tereze['withheld'] as { path: unknown; category: string; code: string }[]).map(
      ({ path, category, code }) => ({ path, category, code }),
    ),
    quality: { verdict: quality.verdict, records: inOrder(quality.records) },
    registers: inOrder(
      (tereze['provenance'] as { register: string; contract: string; calls: number }[]).map(
        ({ register, contract, calls }) => ({ register, contract, calls }),
      ),
    ),
  };
}

function inOrder<T extends object>(items: readonly T[]): readonly T[] {
  const key = (item: T): string =>
    JSON.stringify([
      'path' in item ? item.path : null,
      'register' in item ? item.register : null,
      'category' in item ? item.category : null,
    ]);
  return [...items].sort((one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0));
}
