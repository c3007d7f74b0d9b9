import { expect } from 'chai';
import fc from 'fast-check';
import * as cedar from '../../../policies/decision/cedar.js';
import { cedarRequest } from '../../../policies/decision/cedar-request.js';
import { mayApply } from '../../../policies/decision/may-apply.js';
import type { PolicyQuestion } from '../../../policies/decision/port.js';
import { engineWith, question, repositoryPurposes } from '../engine.js';
import { PARTIES } from '../parties.js';
import { registerCategories } from '../register-categories.js';

/** Pairs of a random policy and a random question; `POLICIES` asks for more, `POLICIES_SEED` for the same again. */
const POLICIES = Number(process.env['POLICIES'] ?? 400);
const SEED = Number(process.env['POLICIES_SEED'] ?? Math.floor(Date.now() / 1000));

const categories = registerCategories();
const ACTIONS = ['read', 'disclose', 'issue_handle'];
const [LAND, INCOME] = ['property.land', 'tax.income'];

/** Atoms of conditions, each over a word that the questions below use and one that they may not. */
const ATOMS = [
  ['resource', 'Category', [LAND, INCOME]],
  ['action', 'Action', ['read', 'disclose']],
  ['principal', 'System', ['housing', 'tax']],
  ['principal.agency', 'Agency', ['housing', 'tax']],
  ['principal.kind', 'CallerKind', ['system', 'ai']],
  ['resource.sensitivity', 'Sensitivity', ['PERSONAL', 'OPEN']],
  ['context.purpose', 'Purpose', ['housing_queue', 'own_data']],
  ['context.basis', 'Basis', ['public_task', 'consent']],
  ['context.nexus', 'Nexus', ['list', 'none']],
  ['context.age', 'Age', ['minor', 'adult']],
] as const;

const atom = fc.constantFrom(...ATOMS).chain(([variable, type, ids]) => {
  const entity = fc.constantFrom(...ids).map((id) => `${type}::"${id}"`);
  return fc.oneof(
    entity.map((one) => `${variable} == ${one}`),
    entity.map((one) => `${variable} != ${one}`),
    entity.map((one) => `${variable} in ${one}`),
    entity.map((one) => `${variable} in [${one}]`),
    fc.constant(`${variable} in [${ids.map((id) => `${type}::"${id}"`).join(', ')}]`),
  );
});
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 2 },
    atom,
    fc.constant('context.ownCase'),
    tie('condition').map((one) => `!(${one})`),
    fc.tuple(tie('condition'), tie('condition')).map(([one, other]) => `(${one}) && (${other})`),
    fc.tuple(tie('condition'), tie('condition')).map(([one, other]) => `(${one}) || (${other})`),
    fc.tuple(tie('condition'), tie('condition')).map(([one, other]) => `if ${one} then ${other} else context.ownCase`),
  ),
}));
const scope = fc
  .tuple(
    fc.constantFrom('principal', 'principal is System', 'principal is Citizen', 'principal == System::"housing"'),
    fc.constantFrom('action', 'action == Action::"read"', 'action in Action::"disclose"', 'action in [Action::"read"]'),
    fc.constantFrom('resource', `resource == Category::"${LAND}"`, `resource in Category::"${INCOME}"`),
  )
  .map((parts) => parts.join(', '));
const policy = fc
  .tuple(scope, fc.array(fc.tuple(fc.constantFrom('when', 'unless'), condition), { maxLength: 2 }))
  .map(([words, conditions]) =>
    [`permit (${words})`, ...conditions.map(([kind, body]) => `${kind} { ${body} }`)].join(' ').concat(';'),
  );
const questions = fc.record({
  caller: fc.constantFrom(PARTIES.housing, PARTIES['housing-ai'], PARTIES.tax),
  action: fc.constantFrom('read' as const, 'disclose' as const),
  category: fc.constantFrom(LAND, INCOME),
  purpose: fc.constantFrom('housing_queue', 'own_data'),
  basis: fc.constantFrom('public_task' as const, 'consent' as const),
  nexus: fc.constantFrom('list' as const, 'none' as const),
  age: fc.constantFrom('minor' as const, 'adult' as const),
  ownCase: fc.boolean(),
});

describe('whether a policy may apply', () => {
  it(`is never denied of one that Cedar applies: ${POLICIES} random policies, seed ${SEED}`, () => {
    const tally = { applied: 0, excluded: 0 };
    fc.assert(
      fc.property(policy, questions, (text, asked) => {
        const applies = appliesInCedar(text, asked);
        const possible = mayApply(jsonOf(text), {
          ...{ access: asked.action, category: asked.category, purpose: asked.purpose, basis: asked.basis },
          ...{ nexus: asked.nexus, age: asked.age },
          principal: { agency: asked.caller.agency.id, system: asked.caller.system, kind: asked.caller.kind },
        });
        tally.applied += applies ? 1 : 0;
        tally.excluded += possible ? 0 : 1;
        if (applies) expect(possible, text).to.equal(true);
      }),
      { seed: SEED, numRuns: POLICIES },
    );
    expect(tally.applied).to.be.above(POLICIES / 20);
    expect(tally.excluded).to.be.above(POLICIES / 20);
  });

  it('is not denied of one for a group of actions, of which the action may be one', () => {
    const text = 'permit (principal, action, resource) when { action in [Action::"disclose"] };';
    const asked = { ...question(), action: 'read' as const };
    expect(appliesInCedar(text, asked)).to.equal(true);
    expect(mayApply(jsonOf(text), { purpose: asked.purpose, access: 'read' })).to.equal(true);
  });

  it('spares the engine most questions of the rules of the repository, and none that they allow', () => {
    const engine = engineWith();
    const possible = { allowed: 0, denied: 0, spared: 0 };
    for (const asked of questionsOfAll()) {
      const { allowed } = engine.decide(asked);
      if (allowed) expect(engine.mayAllow(asked), JSON.stringify(asked)).to.equal(true);
      possible[engine.mayAllow(asked) ? (allowed ? 'allowed' : 'denied') : 'spared'] += 1;
    }
    expect(possible.allowed).to.be.above(0);
    expect(possible.spared).to.be.above(20 * (possible.allowed + possible.denied));
  });
});

/** What each party could ask about one category, for every purpose. */
function questionsOfAll(): readonly PolicyQuestion[] {
  return Object.values(PARTIES).flatMap((caller) =>
    repositoryPurposes().names.flatMap((purpose) =>
      (['list', 'self'] as const).flatMap((nexus) => {
        const asked = { caller, purpose, nexus, age: 'minor', category: LAND } as const;
        return [question(asked), question({ ...asked, action: 'issue_handle', receiver: 'appeals-ai' })];
      }),
    ),
  );
}

function jsonOf(text: string): cedar.PolicyJson {
  const parsed = cedar.policyToJson(text);
  if (parsed.type === 'failure') throw new Error(`${text}: ${JSON.stringify(parsed.errors)}`);
  return parsed.json;
}

/** Whether Cedar applies the policy, with the actions as the schema of the rules has them. */
function appliesInCedar(text: string, asked: PolicyQuestion): boolean {
  const request = cedarRequest(asked, categories);
  if (typeof request === 'string') throw new Error(request);
  const disclose = { type: 'Action', id: 'disclose' };
  const actions = ACTIONS.map((id) => ({
    uid: { type: 'Action', id },
    attrs: {},
    parents: id === 'read' ? [disclose] : [],
  }));
  const answer = cedar.isAuthorized({
    ...request,
    entities: [...request.entities, ...actions],
    policies: { staticPolicies: { p: text } },
  });
  if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
  return answer.response.decision === 'allow';
}
