import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { PolicyFileInvalid } from '../../../policies/decision/policy-file-invalid.js';
import { readRuleSchema } from '../../../policies/decision/rule-schema.js';

const FILE = 'policies/rules/schema.cedarschema';
const committed = readFileSync(FILE, 'utf8');
const PURPOSES = ['toy', 'own_data'];
const read = (text: string, purposes: readonly string[] = PURPOSES) =>
  readRuleSchema({ file: 's.cedarschema', text }, purposes);
const entity = (text: string, name: string) => read(text).json['']?.entityTypes[name];

describe('rule-schema', () => {
  it('fills in the purposes of the purposes file and the sensitivities of the GraphQL enum', () => {
    expect(entity(committed, 'Purpose')).to.deep.equal({ enum: PURPOSES });
    expect(entity(committed, 'Sensitivity')).to.deep.equal({ enum: ['OPEN', 'OFFICIAL', 'PERSONAL', 'SENSITIVE'] });
  });

  it('leaves every other entity as the schema has it', () => {
    expect(entity(committed, 'Age')).to.deep.equal({ enum: ['minor', 'adult'] });
    expect(entity(committed, 'Agency')).to.deep.equal({});
  });

  const listed = (names: readonly string[]): string =>
    committed.replace('entity Purpose;', `entity Purpose enum ${JSON.stringify(names)};`);

  it('takes a schema that lists the same purposes itself, in any order', () => {
    expect(entity(listed(['own_data', 'toy']), 'Purpose')).to.deep.equal({ enum: ['own_data', 'toy'] });
  });

  it('takes a schema that lists the sensitivities itself', () => {
    const text = committed.replace('entity Sensitivity;', 'entity Sensitivity enum ["OPEN", "PERSONAL"];');
    expect(entity(text, 'Sensitivity')).to.deep.equal({ enum: ['OPEN', 'PERSONAL'] });
  });

  const faults: Record<string, { text: string; says: string }> = {
    'lacks a purpose of the purposes file': {
      text: listed(['own_data']),
      says: 's.cedarschema: Purpose lacks "toy"',
    },
    'lists a purpose that the purposes file lacks': {
      text: listed(['toy', 'own_data', 'tax_review']),
      says: 's.cedarschema: Purpose "tax_review" is not in the purposes file',
    },
    'declares no purposes': { text: 'entity Agency;', says: 's.cedarschema: Purpose lacks "toy"' },
    'gives purposes attributes': { text: 'entity Purpose = { law: String };', says: 'Purpose lacks "toy"' },
    'is not a Cedar schema': { text: 'entity Purpose;\n\nentity', says: 's.cedarschema:3: ' },
  };
  for (const [name, { text, says }] of Object.entries(faults)) {
    it(`refuses a schema that ${name}`, () => {
      expect(() => read(text)).to.throw(PolicyFileInvalid, says);
    });
  }
});
