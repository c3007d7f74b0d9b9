import { expect } from 'chai';
import { HOUSING_FAMILY, OFFICIAL, SUPPORTED_FAMILY } from '../../../demo/country/people.js';
import { EveryEnding, type Document } from './every-ending.js';
import { troublesOf } from './troubles.js';

/** SOAP, REST, GraphQL and SQL; SQL, X-Road and REST in pages; the document with most people. */
const DOCUMENTS: readonly (Document & { readonly stride: number })[] = [
  { name: 'HousingQueue', iin: HOUSING_FAMILY.applicant.iin, stride: 23 },
  { name: 'DeclarationCheck', iin: OFFICIAL.iin, stride: 17 },
  { name: 'FamilyCard', iin: SUPPORTED_FAMILY.applicant.iin, stride: 61 },
];

describe('every ending of a question', function () {
  this.timeout(120_000);
  let endings: EveryEnding;
  before(async () => {
    endings = await EveryEnding.open();
  });
  after(() => (endings as EveryEnding | undefined)?.close());

  for (const document of DOCUMENTS) {
    it(`records the calls that registers counted, and the people asked about: ${document.name}`, async () => {
      const whole = await endings.whole(document);
      const troubles = troublesOf(whole, { stride: document.stride, faults: ['500', 'half'] });
      expect(troubles).to.have.length.greaterThan(20);
      for (const trouble of troubles) endings.check(await endings.ask(document, trouble), trouble);
    });
  }
});
