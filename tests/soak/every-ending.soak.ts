import { expect } from 'chai';
import { APPEAL_FAMILY, HOUSING_FAMILY, OFFICIAL, SUPPORTED_FAMILY } from '../../demo/country/people.js';
import { FAULT_MODES } from '../../demo/registers/fault.js';
import { EveryEnding, type Document, type Trouble } from '../gateway/access/every-ending.js';
import { troublesOf } from '../gateway/access/troubles.js';

const DOCUMENTS: readonly Document[] = [
  { name: 'HousingQueue', iin: HOUSING_FAMILY.applicant.iin },
  { name: 'DeclarationCheck', iin: OFFICIAL.iin },
  { name: 'FamilyCard', iin: SUPPORTED_FAMILY.applicant.iin },
  { name: 'AppealContext', iin: APPEAL_FAMILY.applicant.iin },
  { name: 'BirthAllowance', iin: SUPPORTED_FAMILY.applicant.iin },
  { name: 'PensionCard', iin: HOUSING_FAMILY.applicant.iin },
];

/** An await at which the client goes away while a register misbehaves: one in this many. */
const STRIDE_WITH_FAULT = 19;

/** Faults that take no time: a client that goes away beside them is tried often. */
const QUICK_FAULTS = ['500', 'garbage', 'half', 'refuse'] as const;
const NO_FAULT = ['population', 'off'] as const;

/**
 * The client goes away at every await, alone and beside the faults of every register; every message is not sent, or its
 * reply is lost; the gate fails each time that it is asked. Prints how many cases there were.
 */
describe('every ending of a question, at every await', function () {
  this.timeout(3_600_000);
  let endings: EveryEnding;
  let cases = 0;
  before(async () => {
    endings = await EveryEnding.open(800);
  });
  after(async () => {
    await (endings as EveryEnding | undefined)?.close();
    process.stdout.write(`      ${cases} cases\n`);
  });

  const faults = FAULT_MODES.filter((mode) => mode !== 'off');
  for (const document of DOCUMENTS) {
    it(`records the calls that registers counted, and the people asked about: ${document.name}`, async () => {
      const whole = await endings.whole(document);
      expect(whole.messages).to.be.greaterThan(0);
      for (const trouble of troublesOf(whole, { stride: 1, faults })) await one(document, trouble);
      const aborted = troublesOf(whole, { stride: STRIDE_WITH_FAULT, faults: [] }).filter(
        ({ abortAtAwait }) => abortAtAwait !== undefined,
      );
      const faulty = troublesOf(whole, { stride: whole.awaits, faults: QUICK_FAULTS }).filter(({ fault }) => fault);
      for (const { fault = NO_FAULT } of faulty)
        for (const { abortAtAwait = 1 } of aborted) await one(document, { fault, abortAtAwait });
    });
  }

  async function one(document: Document, trouble: Trouble): Promise<void> {
    cases += 1;
    endings.check(await endings.ask(document, trouble), trouble);
  }
});
