import { isNode, type EntityModel, type FieldModel, type Model } from './model.js';
import { dice } from './world.js';

const COMMON = 'enum Colour { RED GREEN BLUE }\n';
const DETAIL = 'size: Int inner: Detail name: String!';
const HEAD = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@inaccessible", "@interfaceObject"])\n';

/** The type of a field, with its wrapping. */
export function typeOf(model: Model, { kind, wrapping, nonNull }: FieldModel): string {
  const named = kind.is === 'value' ? kind.type : kind.is === 'link' ? (model.entities[kind.to]?.name ?? '') : kind.is === 'abstract' ? kind.type : 'String';
  const wrapped = wrapping === 'plain' ? named : wrapping === 'list' ? `[${named}]` : `[${named}!]`;
  return nonNull ? `${wrapped}!` : wrapped;
}

const signature = (model: Model, field: FieldModel): string =>
  `${field.name}${field.kind.is === 'labelled' ? '(prefix: String = "none", times: Int, tags: [String!])' : ''}: ${typeOf(model, field)}`;

const roots = ({ name, sharedRoots, services }: EntityModel): string => {
  const shared = sharedRoots && services.length > 1 ? ' @shareable' : '';
  return `${name}(id: ID!): ${name}${shared} ${name}s: [${name}]${shared} ${name}all: [${name}!]!${shared}`;
};

/** Whether a service answers the root fields of an entity. */
export const isRooted = ({ home, sharedRoots, services }: EntityModel, service: number): boolean => (sharedRoots ? services.includes(service) : home === service);

const NODE_ROOT = 'anyNode(id: ID!): Node';

/** One schema of everything, without a trace of services. */
export function mergedSdl(model: Model): string {
  const nodes = model.entities.filter(isNode);
  const note = model.interfaceObject ? 'note: String' : '';
  const entities = model.entities.map((entity) => {
    const fields = entity.fields.filter(({ hidden }) => !hidden).map((field) => signature(model, field));
    return `type ${entity.name}${isNode(entity) ? ` implements Node { ${note}` : ' {'} id: ID! code: ID! ${fields.join(' ')} }`;
  });
  const abstract = nodes.length === 0 ? '' : `interface Node { ${note} id: ID! } union Anything = ${nodes.map(({ name }) => name).join(' | ')}\n`;
  return `${COMMON}type Detail { ${DETAIL} }\n${abstract}${entities.join('\n')}\ntype Query { ${model.interfaceObject ? NODE_ROOT : ''} ${model.entities.map((entity) => roots({ ...entity, sharedRoots: false })).join(' ')} }`;
}

/** Fields that identify an entity in a service; several keys where it bridges. */
export function keysIn({ keys, services }: EntityModel, service: number): readonly string[] {
  if (keys === 'both') return ['id code'];
  if (keys === 'id') return ['id'];
  const position = services.indexOf(service);
  return position <= 0 ? ['id', 'code'] : [position % 2 === 1 ? 'code' : 'id'];
}

/** The part of one service: its types, what it answers, and stubs of what it only links to. */
export function serviceSdl(model: Model, service: number): string {
  if (model.interfaceObject?.by === service) return `${HEAD}type Node @key(fields: "id") @interfaceObject { id: ID! note: String } type Query { ${NODE_ROOT} }`;
  const held = model.entities.filter(({ services }) => services.includes(service));
  const linked = new Set(held.flatMap(({ fields }) => fields.flatMap(({ name, kind, services }) => (kind.is === 'link' && (services.includes(service) || requiredNames(fields, service).has(name)) ? [kind.to] : []))));
  const stubs = model.entities.filter((entity, index) => linked.has(index) && !held.includes(entity));
  const types = [...held.map((entity) => heldType(model, entity, service)), ...stubs.map((entity) => stubType(model, entity, service))];
  const nodes = held.filter(isNode);
  const node = hasInterface(model, service) ? `interface Node${model.interfaceObject ? ' @key(fields: "id")' : ''} { id: ID! } ` : '';
  const abstract = nodes.length === 0 ? '' : `${node}union Anything = ${nodes.map(({ name }) => name).join(' | ')}\n`;
  const homes = held.filter((entity) => isRooted(entity, service));
  const query = homes.length === 0 ? '' : `\ntype Query { ${homes.map(roots).join(' ')} }`;
  return `${HEAD}${COMMON}type Detail @shareable { ${DETAIL} }\n${abstract}${types.join('\n')}${query}`;
}

const hasInterface = ({ interfaceObject }: Model, service: number): boolean => interfaceObject === undefined || interfaceObject.holder === service;

/** Fields that others, which this service computes, are computed of. */
const requiredNames = (fields: readonly FieldModel[], service: number): ReadonlySet<string> =>
  new Set(fields.flatMap(({ kind, services }) => (kind.is === 'computed' && services.includes(service) ? kind.from.map(({ name }) => name) : [])));

function heldType(model: Model, entity: EntityModel, service: number): string {
  const keys = keysIn(entity, service);
  const others = entity.keys === 'id' && entity.home === service ? 'code: ID!' : '';
  const required = requiredNames(entity.fields, service);
  const fields = entity.fields.flatMap((field) => {
    if (required.has(field.name)) return [`${signature(model, field)} @external`];
    if (field.overrides === service) return [signature(model, field)];
    if (!field.services.includes(service)) return [];
    const requires = field.kind.is === 'computed' ? ` @requires(fields: "${field.kind.from.map(({ asked }) => asked).join(' ')}")` : '';
    const override = field.overrides === undefined ? '' : ` @override(from: "s${field.overrides}")`;
    const given = field.kind.is === 'link' ? provided(model, field, service) : undefined;
    const provides = given === undefined ? '' : ` @provides(fields: "${given.name}")`;
    return [`${signature(model, field)}${requires}${provides}${override}${field.hidden ? ' @inaccessible' : ''}${field.services.length > 1 ? ' @shareable' : ''}`];
  });
  return `type ${entity.name}${isNode(entity) && hasInterface(model, service) ? ' implements Node' : ''} ${keyDirectives(keys, '')} { ${keyFields(keys)} ${others} ${fields.join(' ')} }`;
}

/** An entity that a service only links to: its keys, and what some link provides. */
function stubType(model: Model, entity: EntityModel, service: number): string {
  const keys = keysIn(entity, -1);
  const links = model.entities.flatMap(({ fields }) => fields.filter(({ kind, services }) => kind.is === 'link' && model.entities[kind.to] === entity && services.includes(service)));
  const given = new Set(links.map((link) => provided(model, link, service)));
  const external = entity.fields.filter((field) => given.has(field)).map((field) => `${signature(model, field)} @external`);
  return `type ${entity.name} ${keyDirectives(keys, ', resolvable: false')} { ${keyFields(keys)} ${external.join(' ')} }`;
}

/** A field of a linked entity that the linking service, which does not have the entity, tells with the link. */
export function provided(model: Model, link: FieldModel, service: number): FieldModel | undefined {
  const target = link.kind.is === 'link' ? model.entities[link.kind.to] : undefined;
  if (target === undefined || target.services.includes(service)) return undefined;
  const possible = target.fields.filter(({ kind, wrapping, overrides }) => kind.is === 'value' && kind.type !== 'Detail' && wrapping === 'plain' && overrides === undefined);
  return dice(2, model.seed, link.name, service) === 0 ? undefined : possible[dice(Math.max(1, possible.length), model.seed, link.name)];
}

const keyDirectives = (keys: readonly string[], more: string): string => keys.map((fields) => `@key(fields: "${fields}"${more})`).join(' ');

const keyFields = (keys: readonly string[]): string => [...new Set(keys.flatMap((fields) => fields.split(' ')))].map((name) => `${name}: ID!`).join(' ');
