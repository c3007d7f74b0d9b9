import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CompositionFailure, composeCatalogue } from '../../schemas/catalogue/compose.js';
import { parseRegister } from '../../schemas/catalogue/register-schema.js';
import { loadQuality } from '../../schemas/quality/load-quality.js';
import { describeOpenapi, DOCUMENTS, EXPECTED, type OpenapiName } from './openapi-registers.js';
import { schemaOf } from './register-of-document.js';
import { sharedContracts } from '../shared-contracts.js';

const NAMES = Object.keys(DOCUMENTS) as OpenapiName[];

describe('registers from published OpenAPI documents', function () {
  this.timeout(60_000);
  for (const document of NAMES) {
    it(`says of each operation of ${document} whether it can be read`, async () => {
      const { operations } = await describeOpenapi(document, []);
      const byState = (state: string): readonly string[] =>
        operations.filter((one) => one.state === state).map(({ name }) => name);
      for (const state of ['ready', 'example', 'refused'] as const)
        expect(byState(state), state).to.have.members(EXPECTED[document][state]);
    });

    if (document === 'brp')
      it('reads people by a batch, whichever kind of question the answer repeats', async () => {
        const { files } = await describeOpenapi(document, ['RaadpleegMetBurgerservicenummer']);
        const source = files?.['source.yaml'] ?? '';
        expect(source)
          .to.include('answer: { items: [ personen ] }')
          .and.to.match(/batch: \{ max: 20/);
        expect(source).to.match(/Persoon:\n {4}key: burgerservicenummer\n {4}batch: Raadpleeg/);
      });

    it(`composes each of ${document} once categories are written, with a contract that loads, and not before`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'tereze-openapi-'));
      try {
        const operations = [...EXPECTED[document].ready, ...EXPECTED[document].example];
        for (const operation of operations) {
          const described = await describeOpenapi(document, [operation]);
          expect(rulesOf(described.files?.['schema.graphql'] ?? '')).to.deep.equal(['directive-malformed']);
          composeCatalogue([parseRegister('one', schemaOf(described))]);
          mkdirSync(join(folder, operation));
          writeFileSync(join(folder, operation, 'contract.yaml'), described.files?.['contract.yaml'] ?? '');
        }
        const { contracts } = await loadQuality(
          folder,
          { today: () => '2026-03-01', now: () => new Date(0) } as never,
          sharedContracts,
        );
        expect(contracts.size).to.equal(operations.length);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});

function rulesOf(sdl: string): readonly string[] {
  try {
    composeCatalogue([parseRegister('one', sdl)]);
    return [];
  } catch (error) {
    if (!(error instanceof CompositionFailure)) throw error;
    return [...new Set(error.problems.map(({ rule }) => rule))];
  }
}
