import { expect } from 'chai';
import { buildSchema } from 'graphql';
import { consistsOf, schemaWords } from '../../../schemas/caller-texts/schema-words.js';

const WORDS = schemaWords(
  buildSchema(`
    type Query { housing_queue(personIin: ID, filter: Filter): [Citizen] }
    interface Named { lastName: String }
    type Citizen implements Named { lastName: String, landPlot2: Plot }
    type Plot { areaKm: Float }
    input Filter { isOpen: Boolean }
    enum Kind { SECRET_WORD }
  `),
);

describe('words of a schema', () => {
  for (const [name, isOfWords] of [
    ['HousingQueue', true],
    ['housingQueue', true],
    ['housing_queue', true],
    ['HOUSING_QUEUE', true],
    ['QueryCitizenLastNameOpen', true],
    ['landPlot2', true],
    ['_area', true],
    ['Ospanova', false],
    ['HousingQueueOspanova', false],
    ['citizenAigul', false],
    ['citizen7', false],
    ['housing900101390012', false],
    ['secretWord', false],
    ['citizens', false],
    ['___', false],
    ['__schema', false],
  ] as const) {
    it(`${isOfWords ? 'make up' : 'do not make up'} ${name}`, () => {
      expect(consistsOf(name, WORDS)).to.equal(isOfWords);
    });
  }
});
