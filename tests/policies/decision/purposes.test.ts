import { expect } from 'chai';
import { PolicyFileInvalid } from '../../../policies/decision/policy-file-invalid.js';
import { parsePurposes } from '../../../policies/decision/purposes.js';
import { repositoryPurposes } from '../engine.js';

const text = (lines: readonly string[]): string =>
  ['version: 1', 'purposes:', '  one_purpose:', ...lines.map((line) => `    ${line}`)].join('\n');
const whole = [
  'title: T',
  'law: L',
  'bases: [public_task]',
  'case: required',
  'relations: [spouse]',
  'max_subjects: 5',
];
const replaced = (index: number, line: string): string => text(whole.map((old, at) => (at === index ? line : old)));

describe('purposes', () => {
  it('reads the purposes of the repository', () => {
    const purposes = repositoryPurposes();
    expect(purposes.names).to.deep.equal([
      'housing_queue',
      'proactive_support',
      'birth_allowance',
      'declaration_check',
      'appeal_review',
      'own_data',
    ]);
    expect(purposes.get('housing_queue')).to.deep.include({
      bases: ['public_task', 'consent'],
      caseRequired: true,
      assurance: 'substantial',
      relations: ['spouse', 'child'],
      maxSubjects: 30,
      earlierTexts: [],
    });
    expect(purposes.get('own_data')?.caseRequired).to.equal(false);
    expect(purposes.get('curiosity')).to.equal(undefined);
    expect(purposes.get('constructor')).to.equal(undefined);
  });

  it('reads earlier wordings that mean the same', () => {
    const earlier = 'earlier_texts: [{ title: U, law: M }]';
    expect(parsePurposes('p.yaml', text([...whole, earlier])).get('one_purpose')).to.deep.include({
      ...{ title: 'T', law: 'L', earlierTexts: [{ title: 'U', law: 'M' }] },
    });
  });

  const faults: Record<string, { text: string; line: number; says: string }> = {
    'an unknown key': { text: text([...whole, 'max_subject: 5']), line: 10, says: 'unknown key "max_subject"' },
    'an unknown key at the top': { text: `${text(whole)}\nextra: 1`, line: 10, says: 'unknown key "extra"' },
    'an unknown basis': { text: replaced(2, 'bases: [public_tsk]'), line: 6, says: 'bases' },
    'an earlier text without its law': {
      text: text([...whole, 'earlier_texts: [{ title: U }]']),
      ...{ line: 10, says: 'law' },
    },
    'no basis': { text: replaced(2, 'bases: []'), line: 6, says: 'bases' },
    'a basis twice': { text: replaced(2, 'bases: [consent, consent]'), line: 6, says: 'twice' },
    'a missing key': { text: text(whole.slice(1)), line: 4, says: 'title' },
    'a ceiling of no one': { text: replaced(5, 'max_subjects: 0'), line: 9, says: 'max_subjects' },
    'a key given twice': { text: text([...whole, 'title: U']), line: 10, says: 'DUPLICATE_KEY' },
    'a text that is not YAML': { text: 'version: [1', line: 1, says: 'not YAML' },
    'another version': { text: text(whole).replace('version: 1', 'version: 2'), line: 1, says: 'version' },
  };
  for (const [name, fault] of Object.entries(faults)) {
    it(`refuses ${name}, with file and line`, () => {
      try {
        parsePurposes('p.yaml', fault.text);
      } catch (error) {
        expect(error).to.be.instanceOf(PolicyFileInvalid);
        expect(error).to.deep.include({ file: 'p.yaml', line: fault.line });
        expect((error as Error).message)
          .to.match(/^p\.yaml:\d+: /)
          .and.to.include(fault.says);
        return;
      }
      expect.fail('was read');
    });
  }
});
