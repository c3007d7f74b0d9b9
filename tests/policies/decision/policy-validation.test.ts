import { expect } from 'chai';
import { PolicyFileInvalid } from '../../../policies/decision/policy-file-invalid.js';
import { readRuleFiles } from '../../../policies/decision/rule-files.js';
import { engineWith, repositoryPurposes } from '../engine.js';

const rules = readRuleFiles('policies/rules');
const load = (condition: string, head = 'principal is System, action, resource'): unknown =>
  engineWith({
    rules: {
      ...rules,
      policies: [
        ...rules.policies,
        {
          file: 'x.cedar',
          text: `@id("x") @law("L") @basis("any") @title("T") permit (${head}) when { ${condition} };`,
        },
      ],
    },
  });

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

  it('refuses a schema that lacks a purpose of the purposes file', () => {
    const purposes = repositoryPurposes();
    expect(() => engineWith({ purposes: { ...purposes, names: [...purposes.names, 'tax_review'] } })).to.throw(
      PolicyFileInvalid,
      'Purpose lacks "tax_review"',
    );
  });

  it('refuses a schema with a purpose that the purposes file lacks', () => {
    const purposes = repositoryPurposes();
    expect(() => engineWith({ purposes: { ...purposes, names: purposes.names.slice(1) } })).to.throw(
      PolicyFileInvalid,
      'Purpose "housing_queue" is not in the purposes file',
    );
  });

  it('refuses a schema that is not one', () => {
    expect(() => engineWith({ rules: { ...rules, schema: { file: 's', text: 'entity' } } })).to.throw(
      PolicyFileInvalid,
    );
  });
});
