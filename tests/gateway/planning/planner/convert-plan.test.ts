import { expect } from 'chai';
import type { PlanNode as NativeNode } from '@graphql-hive/router-query-planner';
import { convertPlan } from '../../../../gateway/planning/planner/convert-plan.js';
import { refusal } from '../preparing.js';

const REQUIRES = [
  {
    kind: 'InlineFragment',
    typeCondition: 'T',
    selections: [
      { kind: 'Field', name: 'iin' },
      { kind: 'Field', name: '_internal_qp_alias_0', alias: 'address', selections: [{ kind: 'Field', name: 'code' }] },
    ],
  },
];
const ENTITIES =
  'query($representations:[_Any!]!){_entities(representations: $representations){...on T{...a}}}\n\nfragment a on T {x}\n';

/** Plans of the planner as JSON, some with what it never made so far. */
const converted = (native: object): unknown =>
  JSON.parse(
    JSON.stringify(convertPlan(native as NativeNode), (key, value: unknown) =>
      key === 'operation' ? undefined : value,
    ),
  );
const entityFetch = (more: object = {}): object => ({
  kind: 'Flatten',
  path: [{ Field: 'a' }, '@', { TypeCondition: ['T'] }],
  node: { kind: 'Fetch', serviceName: 'r', operation: ENTITIES, requires: REQUIRES, ...more },
});

describe('planning: convert plan', () => {
  it('reads a fetch under a path with what it requires', () => {
    expect(converted(entityFetch({ variableUsages: ['v'] }))).to.deep.equal({
      kind: 'entities',
      register: 'r',
      variables: ['v'],
      lists: [
        {
          alias: '_entities',
          variable: 'representations',
          paths: [[{ kind: 'field', key: 'a' }, { kind: 'list' }, { kind: 'type', names: ['T'] }]],
          requires: [
            {
              kind: 'type',
              name: 'T',
              selections: [
                { kind: 'field', from: 'iin', to: 'iin', selections: [] },
                {
                  kind: 'field',
                  from: '_internal_qp_alias_0',
                  to: 'address',
                  selections: [{ kind: 'field', from: 'code', to: 'code', selections: [] }],
                },
              ],
            },
          ],
          inputRewrites: [],
          outputRewrites: [],
        },
      ],
    });
  });

  it('reads conditions whose branch is null', () => {
    const native = {
      kind: 'Condition',
      condition: 'x',
      ifClause: null,
      elseClause: { kind: 'Fetch', serviceName: 'r', operation: '{a}' },
    };
    expect(converted(native)).to.deep.equal({
      kind: 'condition',
      variable: 'x',
      ifFalse: { kind: 'fetch', register: 'r', variables: [], outputRewrites: [] },
    });
  });

  it('reads rewrites in both of their forms', () => {
    const path = [{ TypenameEquals: ['T'] }, { Key: '__typename' }];
    for (const setter of [
      { ValueSetter: { path, setValueTo: 'Node' } },
      { kind: 'ValueSetter', path, setValueTo: 'Node' },
    ]) {
      expect(converted(entityFetch({ inputRewrites: [setter] }))).to.have.deep.nested.property(
        'lists[0].inputRewrites[0]',
        {
          kind: 'set',
          path: [
            { kind: 'type', names: ['T'] },
            { kind: 'key', name: '__typename' },
          ],
          value: 'Node',
        },
      );
    }
  });

  for (const [what, native, reason] of [
    ['a subscription', { kind: 'Subscription', primary: {} }, 'unknown_node'],
    ['a deferred part', { kind: 'Defer', primary: {}, deferred: [] }, 'unknown_node'],
    ['a node of a later version', { kind: 'Stream' }, 'unknown_node'],
    [
      'one within others',
      { kind: 'Sequence', nodes: [{ kind: 'Parallel', nodes: [{ kind: 'Stream' }] }] },
      'unknown_node',
    ],
    ['a text that is no GraphQL', entityFetch({ operation: 'query{... on A ... on B{c}}' }), 'unknown_operation'],
    [
      'a mutation of entities',
      entityFetch({ operation: 'mutation{a}', operationKind: 'mutation' }),
      'unknown_operation',
    ],
    [
      'a subscription called a fetch',
      { kind: 'Fetch', serviceName: 'r', operation: 'subscription{a}', operationKind: 'subscription' },
      'unknown_operation',
    ],
    [
      'a mutation called a query',
      { kind: 'Fetch', serviceName: 'r', operation: 'mutation{a}', operationKind: 'query' },
      'unknown_operation',
    ],
    [
      'a root fetch under a path',
      { kind: 'Flatten', path: [{ Field: 'a' }], node: { kind: 'Fetch', serviceName: 'r', operation: '{a}' } },
      'unknown_path',
    ],
    ['an unknown step', { kind: 'Flatten', path: [{ Index: 1 }], node: {} }, 'unknown_path'],
    ['a requirement without a type', entityFetch({ requires: [{ kind: 'Field', name: 'iin' }] }), 'unknown_requires'],
    [
      'a requirement by fragment',
      entityFetch({ requires: [{ ...REQUIRES[0], selections: [{ kind: 'FragmentSpread', value: 'f' }] }] }),
      'unknown_requires',
    ],
    ['a conditional requirement', entityFetch({ requires: [{ ...REQUIRES[0], skipIf: 'x' }] }), 'unknown_requires'],
    ['an unknown rewrite', entityFetch({ inputRewrites: [{ ValueDropper: { path: [] } }] }), 'unknown_rewrite'],
    [
      'a value set in an answer',
      entityFetch({ outputRewrites: [{ ValueSetter: { path: [{ Key: 'x' }], setValueTo: 'y' } }] }),
      'unknown_rewrite',
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      expect(await refusal(() => convertPlan(native as unknown as NativeNode))).to.equal(`PLAN_FAILED ${reason}`);
    });
  }
});
