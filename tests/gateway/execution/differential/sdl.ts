import { isLeafType, isNode, type EntityModel, type FieldModel, type Model, type Wrapping } from './model.js';
import { dice } from './dice.js';

const COMMON = 'scalar Iin scalar Bin scalar Decimal scalar Long scalar Blob enum Colour { RED GREEN BLUE }\n';

/** Types of the fields that identify: a person's number is of a type of its own, and what can be withheld may be null. */
export const idType = ({ governed }: Model): string => (governed ? 'Iin!' : 'ID!');
const codeType = ({ governed }: Model): string => (governed ? 'ID' : 'ID!');

const DETAIL = 'size: Int inner: Detail name: String!';
const LABEL = 'text: String marks: [[Int]]';
const THING = 'union Thing = Detail | Label';
/** Where things are governed, each detail tells a dwelling. No question selects its code. */
const detailType = ({ governed }: Model): string =>
  governed
    ? `type Detail ${KEY} @dwelling(field: "place") @shareable { ${DETAIL.replace('!', '')} place: String }`
    : `type Detail @shareable { ${DETAIL} }`;
const head = ({ governed }: Model): string =>
  governed
    ? `${HEAD}extend schema @link(url: "https://tereze.kz/governance/v1.0", import: ["@subject", "@subjectArgument", "@dwelling", "@category", "@listSize"])\n`
    : HEAD;
const HEAD =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@inaccessible", "@interfaceObject"])\n';

/** The type of a field, with its wrapping. */
export function typeOf(model: Model, { kind, wrapping, nonNull }: FieldModel): string {
  const named =
    kind.is === 'value'
      ? kind.type
      : kind.is === 'link'
        ? (model.entities[kind.to]?.name ?? '')
        : kind.is === 'abstract'
          ? kind.type
          : 'String';
  return `${WRAPPED[wrapping](named)}${nonNull ? '!' : ''}`;
}

const WRAPPED: Readonly<Record<Wrapping, (named: string) => string>> = {
  plain: (named) => named,
  list: (named) => `[${named}]`,
  listOfSome: (named) => `[${named}!]`,
  grid: (named) => `[[${named}]]`,
  gridOfSome: (named) => `[[${named}!]!]`,
};

/** Category of everything that identifies: never withheld. */
const KEY = '@category(name: "test.key")';

/** The category of an entity's field, the same in every service. */
export const categoryOf = ({ seed }: Model, entity: string, field: string): string =>
  `test.c${dice(5, seed, entity, field, 'category')}`;

const declared = (model: Model, entity: EntityModel, field: FieldModel): string =>
  signature(model, field) + governance(model, entity, field);

/** What governs a field, where anything does. */
function governance(model: Model, { name }: EntityModel, field: FieldModel): string {
  if (!model.governed) return '';
  const link = field.kind.is === 'link' || field.kind.is === 'abstract' ? ' @subject(field: "id", role: "friend")' : '';
  return ` @category(name: "${categoryOf(model, name, field.name)}")${link}${field.wrapping === 'plain' ? '' : ' @listSize(assumedSize: 10)'}`;
}

const whenGoverned = ({ governed }: Model, directives: string): string => (governed ? ` ${directives}` : '');

const signature = (model: Model, field: FieldModel): string =>
  `${field.name}${field.kind.is === 'labelled' ? '(prefix: String = "none", times: Int, tags: [String!])' : ''}: ${typeOf(model, field)}`;

const roots = (model: Model, { name, sharedRoots, services }: EntityModel): string => {
  const shared = sharedRoots && services.length > 1 ? ' @shareable' : '';
  if (model.governed) return `${name}(id: ${idType(model)} @subjectArgument): ${name}${shared} ${KEY}`;
  return `${name}(id: ${idType(model)}): ${name}${shared} ${name}s: [${name}]${shared} ${name}all: [${name}!]!${shared}`;
};

const merged = (model: Model, { name }: EntityModel): string =>
  `${name}(id: ${idType(model)}): ${name} ${name}s: [${name}] ${name}all: [${name}!]!`;

/** Whether a service answers the root fields of an entity. */
export const isRooted = ({ home, sharedRoots, services }: EntityModel, service: number): boolean =>
  sharedRoots ? services.includes(service) : home === service;

const NODE_ROOT = 'anyNode(id: ID!): Node';

/** One schema of everything, without a trace of services. */
export function mergedSdl(model: Model): string {
  const nodes = model.entities.filter(isNode);
  const note = model.interfaceObject ? 'note: String' : '';
  const entities = model.entities.map((entity) => {
    const fields = entity.fields.filter(({ hidden }) => !hidden).map((field) => signature(model, field));
    return `type ${entity.name}${isNode(entity) ? ` implements Node { ${note}` : ' {'} id: ${idType(model)} code: ${codeType(model)} ${fields.join(' ')} }`;
  });
  const abstract =
    nodes.length === 0
      ? ''
      : `interface Node { ${note} id: ${idType(model)} } union Anything = ${nodes.map(({ name }) => name).join(' | ')}\n`;
  return `${COMMON}type Detail { ${DETAIL} } type Label { ${LABEL} } ${THING}\n${abstract}${entities.join('\n')}\ntype Query { ${model.interfaceObject ? `anyNode(id: ${idType(model)}): Node` : ''} ${model.entities.map((entity) => merged(model, entity)).join(' ')} }`;
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
  if (model.interfaceObject?.by === service) return notesSdl(model);
  const held = model.entities.filter(({ services }) => services.includes(service));
  const linked = new Set(
    held.flatMap(({ fields }) =>
      fields.flatMap(({ name, kind, services }) =>
        kind.is === 'link' && (services.includes(service) || requiredNames(fields, service).has(name)) ? [kind.to] : [],
      ),
    ),
  );
  const stubs = model.entities.filter((entity, index) => linked.has(index) && !held.includes(entity));
  const types = [
    ...held.map((entity) => heldType(model, entity, service)),
    ...stubs.map((entity) => stubType(model, entity, service)),
  ];
  const nodes = held.filter(isNode);
  const node = hasInterface(model, service)
    ? `interface Node${model.interfaceObject ? ' @key(fields: "id")' : ''}${whenGoverned(model, '@subject(field: "id")')} { id: ${idType(model)}${whenGoverned(model, KEY)} } `
    : '';
  const abstract = nodes.length === 0 ? '' : `${node}union Anything = ${nodes.map(({ name }) => name).join(' | ')}\n`;
  const homes = held.filter((entity) => isRooted(entity, service));
  const query = homes.length === 0 ? '' : `\ntype Query { ${homes.map((entity) => roots(model, entity)).join(' ')} }`;
  return `${head(model)}${COMMON}${detailType(model)} type Label${whenGoverned(model, KEY)} @shareable { ${model.governed ? LABEL.replace(']]', ']] @listSize(assumedSize: 9)') : LABEL} } ${THING}\n${abstract}${types.join('\n')}${query}`;
}

const hasInterface = ({ interfaceObject }: Model, service: number): boolean =>
  interfaceObject === undefined || interfaceObject.holder === service;

/** Fields that others, which this service computes, are computed of. */
const requiredNames = (fields: readonly FieldModel[], service: number): ReadonlySet<string> =>
  new Set(
    fields.flatMap(({ kind, services }) =>
      kind.is === 'computed' && services.includes(service) ? kind.from.map(({ name }) => name) : [],
    ),
  );

/** The service of the interface object. */
function notesSdl(model: Model): string {
  const subject = whenGoverned(model, '@subject(field: "id")');
  const root = model.governed ? `anyNode(id: ${idType(model)} @subjectArgument): Node ${KEY}` : NODE_ROOT;
  const note = whenGoverned(model, `@category(name: "${categoryOf(model, 'Node', 'note')}")`);
  return `${head(model)}scalar Iin type Node @key(fields: "id")${subject} @interfaceObject { id: ${idType(model)}${whenGoverned(model, KEY)} note: String${note} } type Query { ${root} }`;
}

function heldType(model: Model, entity: EntityModel, service: number): string {
  const keys = keysIn(entity, service);
  const others =
    entity.keys === 'id' && entity.home === service ? `code: ${codeType(model)}${whenGoverned(model, KEY)}` : '';
  const required = requiredNames(entity.fields, service);
  const fields = entity.fields.flatMap((field) => {
    if (required.has(field.name)) return [`${declared(model, entity, field)} @external`];
    if (field.overrides === service) return [declared(model, entity, field)];
    if (!field.services.includes(service)) return [];
    const requires =
      field.kind.is === 'computed'
        ? ` @requires(fields: "${field.kind.from.map(({ asked }) => asked).join(' ')}")`
        : '';
    const override = field.overrides === undefined ? '' : ` @override(from: "s${field.overrides}")`;
    const given = field.kind.is === 'link' ? provided(model, field, service) : undefined;
    const provides = given === undefined ? '' : ` @provides(fields: "${given.name}")`;
    return [
      `${declared(model, entity, field)}${requires}${provides}${override}${field.hidden ? ' @inaccessible' : ''}${field.services.length > 1 ? ' @shareable' : ''}`,
    ];
  });
  return `type ${entity.name}${isNode(entity) && hasInterface(model, service) ? ' implements Node' : ''} ${keyDirectives(keys, '')}${whenGoverned(model, '@subject(field: "id")')} { ${keyFields(model, keys)} ${others} ${fields.join(' ')} }`;
}

/** An entity that a service only links to: its keys, and what some link provides. */
function stubType(model: Model, entity: EntityModel, service: number): string {
  const keys = keysIn(entity, -1);
  const links = model.entities.flatMap(({ fields }) =>
    fields.filter(
      ({ kind, services }) => kind.is === 'link' && model.entities[kind.to] === entity && services.includes(service),
    ),
  );
  const given = new Set(links.map((link) => provided(model, link, service)));
  const external = entity.fields
    .filter((field) => given.has(field))
    .map((field) => `${declared(model, entity, field)} @external`);
  return `type ${entity.name} ${keyDirectives(keys, model.governed ? '' : ', resolvable: false')}${whenGoverned(model, '@subject(field: "id")')} { ${keyFields(model, keys)} ${external.join(' ')} }`;
}

/** A field of a linked entity that the linking service, which does not have the entity, tells with the link. */
export function provided(model: Model, link: FieldModel, service: number): FieldModel | undefined {
  const target = link.kind.is === 'link' ? model.entities[link.kind.to] : undefined;
  if (target === undefined || target.services.includes(service)) return undefined;
  const possible = target.fields.filter(
    ({ kind, wrapping, overrides }) =>
      kind.is === 'value' && isLeafType(kind.type) && wrapping === 'plain' && overrides === undefined,
  );
  return dice(2, model.seed, link.name, service) === 0
    ? undefined
    : possible[dice(Math.max(1, possible.length), model.seed, link.name)];
}

const keyDirectives = (keys: readonly string[], more: string): string =>
  keys.map((fields) => `@key(fields: "${fields}"${more})`).join(' ');

const keyFields = (model: Model, keys: readonly string[]): string =>
  [...new Set(keys.flatMap((fields) => fields.split(' ')))]
    .map((name) => `${name}: ${name === 'id' ? idType(model) : codeType(model)}${whenGoverned(model, KEY)}`)
    .join(' ');
