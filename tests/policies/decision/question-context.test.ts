import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { PolicyFileInvalid } from '../../../policies/decision/policy-file-invalid.js';
import { readRuleSchema } from '../../../policies/decision/rule-schema.js';
import { repositoryPurposes } from '../engine.js';

const committed = readFileSync('policies/rules/schema.cedarschema', 'utf8');
const read = (text: string) => readRuleSchema({ file: 's.cedarschema', text }, repositoryPurposes().names);

/** The schema as an installation may still have it, from before questions stated an assurance. */
const EARLIER = committed.replaceAll(/^.*[aA]ssurance.*\n/gm, '').replaceAll(/^.*authenticated\.\n/gm, '');

describe('question-context', () => {
  it('takes the schema of the repository', () => {
    expect(() => read(committed)).to.not.throw();
  });

  it('refuses a schema from before questions stated an assurance, with the lines to add', () => {
    expect(EARLIER).to.not.match(/assurance/i);
    const line = EARLIER.split('\n').indexOf('type Grounds = {') + 1;
    expect(() => read(EARLIER)).to.throw(
      PolicyFileInvalid,
      `s.cedarschema:${line}: the context of action "disclose" lacks "assurance", which every question states: add the line "assurance: Assurance," to the type Grounds, and the line "entity Assurance;" to the schema`,
    );
  });

  it('takes that schema with the lines that the message names', () => {
    const mended = EARLIER.replaceAll('ownCase: Bool,', 'ownCase: Bool,\n  assurance: Assurance,');
    expect(() => read(`entity Assurance;\n${mended}`)).to.not.throw();
  });

  for (const member of ['purpose', 'basis', 'nexus', 'age', 'ownCase', 'assurance']) {
    it(`refuses a context without ${member}, of any action`, () => {
      const at = committed.indexOf('type HandleGrounds');
      const text = committed.slice(0, at) + committed.slice(at).replace(new RegExp(`^  ${member}: .*\n`, 'm'), '');
      expect(() => read(text)).to.throw(`the context of action "issue_handle" lacks "${member}"`);
      expect(() => read(text)).to.throw(`to the type HandleGrounds`);
    });
  }

  it('refuses a context that the action itself declares', () => {
    const text = committed.replace('context: HandleGrounds', 'context: { purpose: Purpose }');
    const line = text.split('\n').indexOf('action issue_handle appliesTo {') + 1;
    expect(() => read(text)).to.throw(`s.cedarschema:${line}: the context of action "issue_handle" lacks "basis"`);
  });

  it('refuses an action without a context', () => {
    expect(() => read(committed.replace('  context: HandleGrounds,\n', ''))).to.throw(
      'the context of action "issue_handle" lacks "purpose"',
    );
  });

  it('refuses an enum without a word that questions state', () => {
    const words: readonly (readonly [string, string])[] = [
      ['Nexus', 'none'],
      ['Basis', 'contract'],
      ['Age', 'adult'],
    ];
    for (const [entity, word] of words)
      expect(() => read(committed.replace(new RegExp(`(entity ${entity} .*), "${word}"`), '$1'))).to.throw(
        `${entity} lacks "${word}"`,
      );
    const text = committed.replace('entity Assurance;', 'entity Assurance enum ["low", "high"];');
    expect(() => read(text)).to.throw('Assurance lacks "none"');
  });
});
