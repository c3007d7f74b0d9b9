import type { DocumentPath } from '../../../schemas/bounded-yaml.js';
import { nearestKey } from '../../../schemas/nearest-key.js';
import { ownMember } from '../../../schemas/objects.js';
import type { AskedPlaceholder, OperationUse, Question, Questions } from './questions.js';
import { inputMemberFaults } from './input-members.js';
import type { SchemaField, SchemaTypes } from './schema-types.js';

/** Something that a request asks for and that has no value, or has a value and is not asked for. */
export interface QuestionFault {
  readonly at: DocumentPath;
  readonly isName: boolean;
  readonly message: string;
  /** Places of which a fault of shape may be the cause of this one. */
  readonly consequenceOf: readonly DocumentPath[];
}

/** A use, with what it can give to a request. */
interface Giver {
  readonly use: OperationUse;
  /** `Query.person`, `Person.liens`, `Person`. */
  readonly path: string;
  /** Arguments of its field in the schema. */
  readonly arguments: readonly string[];
  /** Undefined for a record, which gives its key alone. */
  readonly field: SchemaField | undefined;
}

/**
 * Returns every operation that nothing uses, every placeholder that no use of its operation gives a value, every key that an operation does not ask for, and
 * every argument that is given to no placeholder.
 */
export function unfittingQuestions(
  { operations, uses, sources }: Questions,
  schema: SchemaTypes,
): readonly QuestionFault[] {
  return [...operations].flatMap(([name, question]) => {
    const own = uses.filter(({ operation }) => operation === name);
    const givers = own.flatMap((use) => giverOf(use, schema) ?? []);
    if (own.length === 0) return [unusedFault(name, question)];
    // What is unknown to the schema is told elsewhere, and could give anything.
    if (givers.length < own.length) return [];
    const causes = [question.at, ...own.map(({ kind, at }) => (kind === 'record' ? at : at.slice(0, -1)))];
    return faultsOf(name, { question, givers, sources, schema }).map((fault) => ({ ...fault, consequenceOf: causes }));
  });
}

function giverOf(use: OperationUse, { types, roots }: SchemaTypes): Giver | undefined {
  if (use.kind === 'record') return { use, path: use.type, arguments: [], field: undefined };
  const field = use.kind === 'root' ? roots.get(use.field) : types.get(use.type)?.fields.get(use.field);
  const path = `${use.kind === 'root' ? 'Query' : use.type}.${use.field}`;
  return field && { use, path, arguments: field.arguments, field };
}

/** Nothing can be asked by an operation that no type, field or root names. */
function unusedFault(name: string, { at }: Question): QuestionFault {
  return {
    at,
    isName: true,
    message: `no type, field or root is read by ${name}: name it as read, batch or operation of one, or remove it`,
    // A use that is wrong is told where it is written.
    consequenceOf: [['types'], ['roots']],
  };
}

function memberFaults(
  { use, path, field }: Giver,
  operation: string,
  asked: readonly AskedPlaceholder[],
  schema: SchemaTypes,
): readonly Fault[] {
  if (field === undefined || use.kind === 'record') return [];
  const giver = { path, field, renamed: use.arguments, at: use.at };
  return inputMemberFaults(giver, operation, asked, schema);
}

interface Asked {
  readonly question: Question;
  readonly givers: readonly Giver[];
  readonly sources: readonly string[];
  readonly schema: SchemaTypes;
}

type Fault = Omit<QuestionFault, 'consequenceOf'>;

function faultsOf(operation: string, { question, givers, sources, schema }: Asked): readonly Fault[] {
  const asked = question.placeholders.filter(({ name }) => !sources.includes(name));
  const known = [...new Set(givers.flatMap(namesFrom))];
  const unknown = asked.filter(({ name }) => !givers.some((giver) => isGiven(giver, name)));
  const unasked = known.filter((name) => !asked.some((one) => one.name === name));
  const told = unknown.map(({ name, at }) => {
    const nearest = nearestKey(name, unasked) ?? nearestKey(name, [...sources, ...known]);
    return { nearest, fault: { at, isName: false, message: unknownText(name, nearest, known) } };
  });
  // A name that is misspelt is told once.
  const meant = new Set(told.map(({ nearest }) => nearest));
  const rest = { operation, question, asked, meant };
  return [
    ...once(told.map(({ fault }) => fault)),
    ...givers.flatMap((giver) => [
      ...neededFaults(giver, { ...rest, asked: asked.filter((one) => !unknown.includes(one)) }),
      ...keyFaults(giver, rest),
      ...argumentFaults(giver, rest),
      ...memberFaults(giver, operation, asked, schema),
    ]),
  ];
}

function once(faults: readonly Fault[]): readonly Fault[] {
  return [...new Map(faults.map((fault) => [`${fault.at.join('\n')}\n${fault.message}`, fault])).values()];
}

function unknownText(name: string, nearest: string | undefined, known: readonly string[]): string {
  const says = `{${name}} names no key, argument, constant or other source of a value`;
  if (nearest !== undefined) return `${says}: did you mean {${nearest}}?`;
  return `${says}: ${known.length === 0 ? 'remove it' : `write ${known.map((one) => `{${one}}`).join(' or ')}`}`;
}

/** Names of placeholders that a use gives a value. */
function namesFrom({ use, arguments: known }: Giver): readonly string[] {
  if (use.kind === 'record') return use.key;
  const renamed = Object.values(use.arguments);
  const names = [...Object.keys(use.arguments), ...known.filter((name) => !renamed.includes(name))];
  return use.kind === 'apart' ? [...use.key, ...names] : names;
}

function isGiven({ use, arguments: known }: Giver, placeholder: string): boolean {
  if (use.kind !== 'root' && use.key.includes(placeholder)) return true;
  if (use.kind === 'record') return false;
  const name = argumentName(placeholder);
  // A member of an argument that is an object is reached by a dotted name.
  return [placeholder, name].some((one) => Object.hasOwn(use.arguments, one)) || known.includes(name);
}

function argumentName(placeholder: string): string {
  return placeholder.split('.', 1)[0] ?? placeholder;
}

interface Checked {
  readonly operation: string;
  readonly question: Question;
  readonly asked: readonly AskedPlaceholder[];
  /** Names that are told as the ones that unknown placeholders mean. */
  readonly meant: ReadonlySet<string | undefined>;
}

/** Other users of the operation give these. */
function neededFaults(giver: Giver, { operation, asked }: Checked): readonly Fault[] {
  const missing = asked.filter(({ name, isNeeded }) => isNeeded && !isGiven(giver, name));
  const { use, path } = giver;
  return [...new Set(missing.map(({ name }) => name))].map((name) => {
    const nearest = nearestKey(name, giver.arguments) ?? giver.arguments[0];
    const write =
      use.kind === 'record' || nearest === undefined
        ? 'write an operation of its own'
        : `write arguments: { ${name}: ${nearest} }`;
    return {
      at: use.at,
      isName: false,
      message: `${path} gives no {${name}}, which the path of ${operation} needs: ${write}`,
    };
  });
}

/** A request without a key would be the same for everyone. */
function keyFaults({ use, path }: Giver, { operation, question, asked, meant }: Checked): readonly Fault[] {
  if (use.kind === 'root' || use.key.length === 0) return [];
  const missing = use.key.filter((name) => !asked.some((one) => one.name === name));
  const isEnough = use.kind === 'record' ? missing.length === 0 : missing.length < use.key.length;
  if (!isEnough)
    return missing
      .filter((name) => !meant.has(name))
      .map((name) => ({
        at: use.at,
        isName: false,
        message: `${operation} asks for no {${name}}, the key of ${path}: write {${name}${question.isBatch ? '[]' : ''}} in its request`,
      }));
  if (!question.isBatch) return [];
  return asked
    .filter(({ name, isList }) => use.key.includes(name) && !isList)
    .map(({ name, at }) => ({ at, isName: false, message: `${operation} asks for many keys: write {${name}[]}` }));
}

function argumentFaults(
  { use, path, arguments: known }: Giver,
  { operation, asked, meant }: Checked,
): readonly Fault[] {
  if (use.kind === 'record') return [];
  const names = asked.map(({ name }) => name);
  const isAsked = (name: string): boolean => names.some((one) => one === name || argumentName(one) === name);
  const written = Object.keys(use.arguments);
  const stray = written
    .filter((name) => !isAsked(name) && !meant.has(name))
    .map((name) => {
      const nearest = nearestKey(name, names);
      const hint = nearest === undefined ? 'remove it' : `did you mean ${nearest}?`;
      return { at: [...use.argumentsAt, name], isName: true, message: `${operation} asks for no {${name}}: ${hint}` };
    });
  const sent = new Set(names.map((name) => ownMember(use.arguments, name) ?? argumentName(name)));
  const renamed = new Set(Object.values(use.arguments));
  const misspelt = [...renamed].filter((name) => !known.includes(name)).map((name) => nearestKey(name, known));
  const unused = known
    .filter((name) => !sent.has(name) && !renamed.has(name) && !meant.has(name) && !misspelt.includes(name))
    .map((name) => ({
      at: use.at,
      isName: false,
      message: `${path} has the argument ${name}, which ${operation} does not ask for: write {${name}} in its request, or remove it from schema.graphql`,
    }));
  return [...stray, ...unused];
}
