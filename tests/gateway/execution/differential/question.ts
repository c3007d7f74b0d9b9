import fc, { type GeneratorValue } from 'fast-check';
import { IDS, isNode, UNKNOWN_NUMBER, type EntityModel, type FieldModel, type Model, type ValueType } from './model.js';
import { idType } from './sdl.js';

export interface Question {
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const MAX_DEPTH = 4;

/** What is asked of objects without a key. */
const BELOW: Partial<Readonly<Record<ValueType, string>>> = {
  Detail: '{ size more: inner { name size } }',
  Thing: '{ __typename ... on Detail { size name } ... on Label { text is: __typename marks } }',
};

const TYPES: Readonly<Record<string, string>> = {
  yes: 'Boolean!',
  no: 'Boolean!',
  prefix: 'String',
  times: 'Int',
  tag: 'String!',
};

interface Surroundings {
  readonly choose: GeneratorValue;
  readonly model: Model;
  /** Definitions of named fragments. */
  readonly fragments: string[];
  /** Keys stand under each other's names: a client's alias must never become a key. */
  readonly swapped: boolean;
}

/** A random question about a model, with aliases, fragments, conditions and variables; always valid. */
export function chooseQuestion(choose: GeneratorValue, model: Model): Question {
  const surroundings: Surroundings = {
    choose,
    model,
    fragments: [],
    swapped: choose(fc.constantFrom<boolean[]>, false, false, true),
  };
  const roots = [...Array(choose(fc.integer, { min: 1, max: 3 })).keys()].map((index) =>
    chooseRoot(surroundings, index),
  );
  const body = `{ known: __typename ${roots.join(' ')} } ${surroundings.fragments.join(' ')}`;
  const values = {
    yes: true,
    no: false,
    id: choose(fc.constantFrom<string[]>, ...[0, 1, 5].flatMap((index) => IDS[index] ?? []), UNKNOWN_NUMBER),
    other: IDS[2],
    prefix: 'p"\n',
    times: choose(fc.constantFrom<(number | null)[]>, 3, null),
    tag: '__proto__',
  };
  const used = Object.entries(values).filter(([name]) => body.includes(`$${name}`));
  const declared = used.map(([name]) => `$${name}: ${TYPES[name] ?? idType(model)}`).join(', ');
  return { text: `query Q${declared === '' ? '' : `(${declared})`} ${body}`, variables: Object.fromEntries(used) };
}

function chooseRoot(surroundings: Surroundings, index: number): string {
  const { choose, model } = surroundings;
  if (model.interfaceObject && choose(fc.nat, { max: 4 }) === 0)
    // The gate decides on the fields of every type that a person could have: what is denied of one that they have not can hide them.
    return `r${index}: anyNode(id: $id) ${chooseCondition(choose)} { ${chooseAbstract(surroundings, 'Node', 1, model.governed ? keysOnly : chooseSelection)} }`;
  const entity = choose(fc.constantFrom<EntityModel[]>, ...model.entities);
  const others = model.governed
    ? [`${entity.name}(id: $other)`]
    : [`${entity.name}(id: "${IDS[2]}")`, `${entity.name}s`, `${entity.name}all`];
  const field = choose(fc.constantFrom<string[]>, `${entity.name}(id: $id)`, ...others);
  return `r${index}: ${field} ${chooseCondition(choose)} { ${chooseSelection(surroundings, entity, 1)} }`;
}

/** Fields of an entity, some of them in fragments. The same key always says the same, so that any two can be merged. */
function chooseSelection(surroundings: Surroundings, entity: EntityModel, depth: number): string {
  const { choose, model, swapped } = surroundings;
  const fields = choose(
    fc.subarray<FieldModel>,
    entity.fields.filter(({ hidden }) => !hidden),
  );
  const notes = model.interfaceObject && isNode(entity) ? ['note', 'noted: note'] : [];
  const keys = choose(
    fc.subarray<string>,
    ['__typename', 'kind: __typename', ...notes, ...(swapped ? ['id: code', 'code: id'] : ['id', 'code'])],
    { minLength: 1 },
  );
  const parts = [...keys, ...fields.map((field) => chooseField(surroundings, field, depth))];
  const kept = parts.slice(0, choose(fc.nat, { max: parts.length }));
  const moved = parts.slice(kept.length);
  // If every field of a person is denied, the answer does not tell that the person exists. Which fields count depends on the plan.
  if (model.governed) kept.push(swapped ? 'code: id' : 'id');
  return moved.length === 0
    ? kept.join(' ')
    : [...kept, chooseFragment(surroundings, entity.name, moved.join(' '))].join(' ');
}

const keysOnly = ({ choose, swapped }: Surroundings): string =>
  choose(fc.subarray<string>, ['kind: __typename', swapped ? 'code: id' : 'id'], { minLength: 1 }).join(' ');

function chooseFragment({ choose, fragments }: Surroundings, type: string, selection: string): string {
  const condition = chooseCondition(choose);
  switch (choose(fc.constantFrom<string[]>, 'inline', 'typed', 'named')) {
    case 'inline':
      return `... ${condition} { ${selection} }`;
    case 'typed':
      return `... on ${type} ${condition} { ${selection} }`;
    default:
      fragments.push(`fragment F${fragments.length} on ${type} { ${selection} }`);
      return `...F${fragments.length - 1} ${condition}`;
  }
}

function chooseField(surroundings: Surroundings, field: FieldModel, depth: number): string {
  const { choose } = surroundings;
  const { kind, name } = field;
  const key = choose(fc.constantFrom<string[]>, '', `x_${name}: `);
  const condition = chooseCondition(choose);
  switch (kind.is) {
    case 'computed':
      return `${key}${name} ${condition}`;
    case 'labelled': {
      const given = choose(
        fc.constantFrom<string[]>,
        '',
        '(prefix: $prefix)',
        '(times: $times)',
        '(prefix: null, tags: ["a", $tag])',
      );
      return `l${given.length}_${name}: ${name}${given} ${condition}`;
    }
    case 'value':
      return `${key}${name} ${condition} ${BELOW[kind.type] ?? ''}`;
    case 'link': {
      const target = surroundings.model.entities[kind.to];
      if (target === undefined || depth >= MAX_DEPTH) return 'deep: __typename';
      return `${key}${name} ${condition} { ${chooseSelection(surroundings, target, depth + 1)} }`;
    }
    case 'abstract':
      return depth >= MAX_DEPTH
        ? 'deep: __typename'
        : `${key}${name} ${condition} { ${chooseAbstract(surroundings, kind.type, depth)} }`;
  }
}

function chooseAbstract(
  surroundings: Surroundings,
  type: 'Node' | 'Anything',
  depth: number,
  chooseBelow = chooseSelection,
): string {
  const { choose, model, swapped } = surroundings;
  const targets = choose(fc.subarray<EntityModel>, model.entities.filter(isNode));
  const parts = targets.map((entity) => `... on ${entity.name} { ${chooseBelow(surroundings, entity, depth + 1)} }`);
  const common =
    type === 'Node'
      ? [
          ...(swapped ? [] : ['id']),
          ...(model.interfaceObject ? choose(fc.subarray<string>, ['note', 'noted: note']) : []),
        ]
      : [];
  return ['__typename', ...common, ...parts].join(' ');
}

function chooseCondition(choose: GeneratorValue): string {
  return choose(
    fc.constantFrom<string[]>,
    '',
    '',
    '',
    '',
    '@include(if: $yes)',
    '@skip(if: $yes)',
    '@include(if: $no)',
    '@skip(if: $no) @include(if: $yes)',
  );
}
