import { expect } from 'chai';
import type { CedarRequest } from '../../../policies/decision/cedar-request.js';
import { cedarRequest } from '../../../policies/decision/cedar-request.js';
import { evaluateCedar } from '../../../policies/decision/cedar-engine.js';
import type { DecisionEngine, PolicyQuestion } from '../../../policies/decision/port.js';
import { PolicyFileInvalid } from '../../../policies/decision/policy-file-invalid.js';
import type { Purpose, Purposes } from '../../../policies/decision/purposes.js';
import { readRuleFiles, type RuleFile } from '../../../policies/decision/rule-files.js';
import { ASSURANCES, type Assurance, type CallerKind } from '../../../schemas/vocabulary.js';
import { listeningObserver } from '../../doubles.js';
import { engineWith, question, repositoryPurposes } from '../engine.js';
import { PARTIES } from '../parties.js';
import { registerCategories } from '../register-categories.js';

const rules = readRuleFiles('policies/rules');
const withPolicy = (text: string): DecisionEngine =>
  engineWith({ rules: { ...rules, policies: [...rules.policies, file(text)] } });
const file = (text: string): RuleFile => ({ file: 'extra.cedar', text });
const annotated = (id: string, body: string): string => `@id("${id}") @law("l") @basis("any") @title("t") ${body}`;

describe('cedar-engine', () => {
  const engine = engineWith();

  it('allows with the ids and laws of what determined it', () => {
    expect(engine.decide(question())).to.deep.equal({
      allowed: true,
      policies: ['housing-queue-family'],
      laws: ['Law "On Housing Relations" of 16 April 1997 No. 94, articles 67-75'],
      errors: [],
    });
  });

  it('takes a schema that has no word for data about no person, and then opens none', () => {
    const categories = new Map(registerCategories()).set('open.codes', { sensitivity: 'OPEN' });
    expect(engineWith({ categories }).concernsPeople('open.codes')).to.equal(false);
    const schema = { ...rules.schema, text: rules.schema.text.replace(', "no_subject"', '') };
    const earlier = engineWith({ categories, rules: { ...rules, schema } });
    expect(earlier.concernsPeople('open.codes')).to.equal(true);
    expect(earlier.decide(question()).allowed).to.equal(true);
  });

  it('denies by default, with no reason and no error', () => {
    expect(engine.decide(question({ category: 'population.documents' }))).to.deep.equal({
      allowed: false,
      policies: [],
      laws: [],
      errors: [],
    });
  });

  it('names the forbids that denied', () => {
    expect(engine.decide(question({ ownCase: false })).policies).to.deep.equal(['forbid-foreign-case']);
  });

  it('lets rules see the assurance of the caller, for data and for handles', () => {
    const strict = withPolicy(
      annotated(
        'strict',
        'forbid (principal, action, resource) unless { context.assurance in [Assurance::"substantial", Assurance::"high"] };',
      ),
    );
    const handle = { action: 'issue_handle', category: 'population.identifier', receiver: 'appeals-ai' } as const;
    const asked = [question(), question({ ...handle, purpose: 'appeal_review', nexus: 'application' })];
    for (const one of asked)
      for (const assurance of ASSURANCES)
        expect(
          strict.decide({ ...one, caller: { ...one.caller, assurance } }).policies.includes('strict'),
          `${one.action} ${assurance}`,
        ).to.equal(assurance === 'none' || assurance === 'low');
  });

  describe('denies, and says so, when', () => {
    const broken: Record<string, Partial<PolicyQuestion>> = {
      'the category is in no register': { category: 'population.nothing' },
      'the purpose is unknown': { purpose: 'curiosity' },
      'the basis is unknown': { basis: 'interest' as PolicyQuestion['basis'] },
      'the nexus is unknown': { nexus: 'rumour' as PolicyQuestion['nexus'] },
      'the age class is unknown': { age: 'elder' as PolicyQuestion['age'] },
      'the action is unknown': { action: 'export' as PolicyQuestion['action'] },
      'the kind of caller is unknown': { caller: { ...PARTIES.housing, kind: 'robot' as CallerKind } },
      'the caller has no agency': { caller: { system: 'housing', kind: 'system', assurance: 'none' } },
      'the assurance is unknown': { caller: { ...PARTIES.housing, assurance: 'urn:list' as Assurance } },
      'the assurance is missing': { caller: { ...PARTIES.housing, assurance: undefined as unknown as Assurance } },
      'ownCase is a text': { ownCase: 'true' as unknown as boolean },
      'ownCase is missing': { ownCase: undefined as unknown as boolean },
      'a handle has no receiver': { action: 'issue_handle' },
      'a read has a receiver': { receiver: 'appeals-ai' },
      'a citizen asks for a handle': { caller: PARTIES.citizen, action: 'issue_handle', receiver: 'appeals-ai' },
    };
    const open = withPolicy(annotated('open', 'permit (principal, action, resource);'));
    for (const [name, change] of Object.entries(broken)) {
      it(name, () => {
        const decision = open.decide(question(change));
        expect(decision.allowed).to.equal(false);
        expect(decision.policies).to.deep.equal([]);
        expect(decision.errors).to.not.have.length(0);
      });
    }

    it('a policy fails, although another one allows', () => {
      const overflowing = withPolicy(
        annotated(
          'overflows',
          'forbid (principal, action, resource) when { 9223372036854775807 + (if context.ownCase then 1 else 0) == 0 };',
        ),
      );
      expect(overflowing.decide(question())).to.deep.equal({
        allowed: false,
        policies: [],
        laws: [],
        errors: ['overflows'],
      });
    });
  });

  describe('denies requests that it never builds itself:', () => {
    const request = (): CedarRequest => cedarRequest(question(), registerCategories()) as CedarRequest;
    const open = withPolicy(annotated('open', 'permit (principal, action, resource);'));
    const withEntities = (entities: CedarRequest['entities']): CedarRequest => ({ ...request(), entities });
    const category = (attrs: CedarRequest['entities'][number]['attrs']): CedarRequest['entities'] =>
      request().entities.map((entity) =>
        'type' in entity.uid && entity.uid.type === 'Category' ? { ...entity, attrs } : entity,
      );

    const broken: Record<string, () => CedarRequest> = {
      'no principal entity': () => withEntities(request().entities.slice(1)),
      'no resource entity': () => withEntities(request().entities.slice(0, 1)),
      'no entities': () => withEntities([]),
      'an entity without its attributes': () => withEntities(category({})),
      'an attribute of another type': () => withEntities(category({ register: 'population', sensitivity: 'OPEN' })),
      'an entity with a parent that its type cannot have': () =>
        withEntities(request().entities.map((entity) => ({ ...entity, parents: [{ type: 'Agency', id: 'housing' }] }))),
      'a context of another shape': () => ({ ...request(), context: { ...request().context, surplus: true } }),
      'an empty context': () => ({ ...request(), context: {} }),
      'a principal of another type': () => ({ ...request(), principal: { type: 'Agency', id: 'housing' } }),
      'no principal': () => ({ ...request(), principal: undefined as unknown as CedarRequest['principal'] }),
    };
    it('(and allows the whole one)', () => {
      expect(evaluateCedar(open.digest, request(), new Map()).allowed).to.equal(true);
    });
    for (const [name, build] of Object.entries(broken)) {
      it(name, () => {
        const decision = evaluateCedar(open.digest, build(), new Map());
        expect(decision.allowed).to.equal(false);
        expect(decision.errors).to.not.have.length(0);
      });
    }

    it('a policy set that was never loaded', () => {
      expect(evaluateCedar('0'.repeat(64), request(), new Map())).to.deep.equal({
        allowed: false,
        policies: [],
        laws: [],
        errors: ['request:refused'],
      });
    });
  });

  it('logs an error without anything of the question', () => {
    const observer = listeningObserver();
    engineWith({ observer }).decide(question({ category: 'population.nothing' }));
    expect(observer.lines).to.have.length(1);
    expect(observer.lines[0]).to.deep.include({ level: 'error', event: 'policy_evaluation_failed' });
    expect(observer.lines[0]?.fields['errors']).to.equal('request:unknown_category');
  });

  describe('its digest', () => {
    it('does not change with comments, layout and the order of files', () => {
      const policies = [...rules.policies]
        .reverse()
        .map(({ file: name, text }) => ({ file: name, text: `// other words\n${text.replace(/ && /g, '\n  && ')}` }));
      expect(engineWith({ rules: { ...rules, policies } }).digest).to.equal(engine.digest);
    });

    it('changes with a policy, an annotation and a purpose', () => {
      const digests = [
        engine.digest,
        engineWith({ rules: { ...rules, policies: rules.policies.slice(1) } }).digest,
        engineWith({
          rules: {
            ...rules,
            policies: rules.policies.map(({ file: name, text }) => ({
              file: name,
              text: text.replace('@law("', '@law("new '),
            })),
          },
        }).digest,
        engineWith({ purposes: withOtherCeiling() }).digest,
      ];
      expect(new Set(digests)).to.have.length(4);
    });

    it('keeps two engines in one process apart', () => {
      const open = withPolicy(annotated('open', 'permit (principal, action, resource);'));
      expect(open.decide(question({ category: 'population.documents' })).allowed).to.equal(true);
      expect(engine.decide(question({ category: 'population.documents' })).allowed).to.equal(false);
    });
  });

  it('refuses to load a folder that is not there', () => {
    expect(() => readRuleFiles('policies/nowhere')).to.throw(PolicyFileInvalid, 'policies/nowhere');
  });
});

function withOtherCeiling(): Purposes {
  const purposes = repositoryPurposes();
  return { names: purposes.names, get: (name) => withCeiling(purposes.get(name)) };
}

function withCeiling(purpose: Purpose | undefined): Purpose | undefined {
  return purpose === undefined ? undefined : { ...purpose, maxSubjects: 7 };
}
