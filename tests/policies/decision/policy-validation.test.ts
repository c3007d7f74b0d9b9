import { expect } from 'chai';
import { PolicyFileInvalid } from '../../../policies/decision/policy-file-invalid.js';
import type { Purpose, Purposes } from '../../../policies/decision/purposes.js';
import { readRuleFiles, type RuleFiles } from '../../../policies/decision/rule-files.js';
import { engineWith, question, repositoryPurposes } from '../engine.js';

const rules = readRuleFiles('policies/rules');
const withFile = (text: string): RuleFiles => ({
  ...rules,
  policies: [...rules.policies, { file: 'x.cedar', text }],
});
const loadFile = (text: string): unknown => engineWith({ rules: withFile(text) });
const load = (condition: string, head = 'principal is System, action, resource'): unknown =>
  loadFile(`@id("x") @law("L") @basis("any") @title("T") permit (${head}) when { ${condition} };`);

/** A rule of five lines; its condition is in the fourth. */
const rule = (id: string, condition: string): string =>
  `@id("${id}") @law("L") @basis("any") @title("T")\npermit (principal is System, action == Action::"disclose", resource)\nwhen {\n  ${condition}\n};`;

describe('policy-validation', () => {
  it('takes a rule in the words of the schema', () => {
    expect(() => load('context.purpose == Purpose::"housing_queue"')).to.not.throw();
  });

  const faults: Record<string, [condition: string, head?: string]> = {
    'a misspelt attribute': ['principal.agancy == Agency::"housing"'],
    'a misspelt purpose': ['context.purpose == Purpose::"housing_queu"'],
    'a misspelt basis': ['context.basis == Basis::"public_tsk"'],
    'a misspelt nexus': ['context.nexus == Nexus::"aplication"'],
    'a misspelt sensitivity': ['resource.sensitivity == Sensitivity::"PERSNAL"'],
    'a misspelt category': ['resource == Category::"population.identty"'],
    'a misspelt category in the scope': ['true', 'principal, action, resource == Category::"population.identty"'],
    'a misspelt category in a list': ['resource in [Category::"address.region", Category::"address.regoin"]'],
    'an attribute that only some callers have': ['principal.kind == CallerKind::"ai"', 'principal, action, resource'],
    'an attribute that only handles have': ['context.receiver == System::"appeals-ai"'],
    'a rule that can never apply': ['true', 'principal is Agency, action, resource'],
    'a word compared with a text': ['context.purpose == "housing_queue"'],
    'letters of two alphabets': ['principal == System::"hоusing"'],
  };
  for (const [name, [condition, head]] of Object.entries(faults)) {
    it(`refuses ${name}`, () => {
      expect(() => load(condition, head)).to.throw(PolicyFileInvalid);
    });
  }

  it('says in which file and line a rule names a purpose that the purposes file lacks', () => {
    const text = `${rule('a', 'true')}\n\n// A comment.\n${rule('b', 'context.purpose == Purpose::"housing_queu"')}`;
    expect(() => loadFile(text)).to.throw(PolicyFileInvalid, /^x\.cedar:11: .*housing_queu/);
  });

  it('says in which file and line a rule names a category that no register has', () => {
    const text = `${rule('a', 'true')}\n${rule('b', 'resource == Category::"population.identty"')}`;
    expect(() => loadFile(text)).to.throw(
      PolicyFileInvalid,
      'x.cedar:9: no register has the category "population.identty"',
    );
  });

  it('refuses a schema that is not one', () => {
    expect(() => engineWith({ rules: { ...rules, schema: { file: 's', text: 'entity' } } })).to.throw(
      PolicyFileInvalid,
      's:1: ',
    );
  });

  it('takes a purpose that the purposes file alone introduces, with rules about it', () => {
    const { names, get } = repositoryPurposes();
    const toy: Purpose = { ...get('own_data')!, name: 'toy', bases: ['public_task'] };
    const purposes: Purposes = { names: [...names, 'toy'], get: (name) => (name === 'toy' ? toy : get(name)) };
    const aboutToys = rule('toy', 'context.purpose == Purpose::"toy"');
    const engine = engineWith({ purposes, rules: withFile(aboutToys) });
    expect(engine.decide(question({ purpose: 'toy', nexus: 'list' })).policies).to.deep.equal(['toy']);
    expect(() => loadFile(aboutToys)).to.throw(PolicyFileInvalid, /^x\.cedar:4: .*toy/);
  });
});
