import type { DocumentPath } from '../../../schemas/bounded-yaml.js';
import { nearestKey } from '../../../schemas/nearest-key.js';
import { ownMember } from '../../../schemas/objects.js';
import type { AskedPlaceholder } from './questions.js';
import type { SchemaField, SchemaTypes } from './schema-types.js';

/** Who gives values to a request by its arguments. */
export interface ArgumentsGiver {
  /** `Query.persons`, `Person.liens`. */
  readonly path: string;
  readonly field: Pick<SchemaField, 'argumentTypes'>;
  /** The argument for each placeholder that is not named like one. */
  readonly renamed: Readonly<Record<string, string>>;
  /** Where the operation is named. */
  readonly at: DocumentPath;
}

interface Fault {
  readonly at: DocumentPath;
  readonly isName: boolean;
  readonly message: string;
}

/** A placeholder that is a member of an argument: `{filter.name}`. */
interface Member {
  readonly placeholder: AskedPlaceholder;
  readonly argument: string;
  readonly steps: readonly string[];
}

/**
 * Returns every placeholder that names a member which an input object of the schema lacks, and every member of one that no
 * placeholder sends. An argument that is sent as a whole is asked for no members.
 */
export function inputMemberFaults(
  { path, field, renamed, at }: ArgumentsGiver,
  operation: string,
  asked: readonly AskedPlaceholder[],
  { inputs }: SchemaTypes,
): readonly Fault[] {
  const members = asked.flatMap((placeholder): readonly Member[] => {
    const [first = '', ...steps] = placeholder.name.split('.');
    if (steps.length === 0 || Object.hasOwn(renamed, placeholder.name)) return [];
    return [{ placeholder, argument: ownMember(renamed, first) ?? first, steps }];
  });
  const unknown = members.flatMap(({ placeholder, argument, steps }) => {
    const type = field.argumentTypes.get(argument);
    const message = type === undefined ? undefined : whyUnknown(type, steps, placeholder.name, inputs);
    return message === undefined ? [] : [{ at: placeholder.at, isName: false, message }];
  });
  if (unknown.length > 0) return unknown;
  const byArgument = new Map<string, Member[]>();
  for (const member of members) byArgument.set(member.argument, [...(byArgument.get(member.argument) ?? []), member]);
  return [...byArgument].flatMap(([argument, sent]) => {
    const name = sent[0]?.placeholder.name.split('.', 1)[0] ?? argument;
    return unsent(field.argumentTypes.get(argument) ?? '', sent, inputs).map((steps) => ({
      at,
      isName: false,
      message: `${path}(${argument}:) has the member ${steps.join('.')}, which ${operation} does not ask for: write {${[name, ...steps].join('.')}} in its request, or remove it from schema.graphql`,
    }));
  });
}

function whyUnknown(
  type: string,
  steps: readonly string[],
  placeholder: string,
  inputs: SchemaTypes['inputs'],
): string | undefined {
  let at = type;
  for (const step of steps) {
    const members = inputs.get(at);
    if (members === undefined)
      return `{${placeholder}} names a member of ${at}, which is no input object: remove ".${step}"`;
    const next = members.get(step);
    if (next === undefined) {
      const nearest = nearestKey(step, [...members.keys()]);
      const hint = nearest === undefined ? `it has ${[...members.keys()].join(', ')}` : `did you mean ${nearest}?`;
      return `{${placeholder}} names a member that ${at} lacks in schema.graphql: ${hint}`;
    }
    at = next;
  }
  return undefined;
}

/** Paths of the members of an input object that nothing sends, the outermost ones only. */
function unsent(
  type: string,
  sent: readonly Pick<Member, 'steps'>[],
  inputs: SchemaTypes['inputs'],
): readonly (readonly string[])[] {
  return [...(inputs.get(type) ?? [])].flatMap(([name, inner]) => {
    const below = sent.filter(({ steps }) => steps[0] === name);
    if (below.length === 0) return [[name]];
    const deeper = below.map(({ steps }) => ({ steps: steps.slice(1) })).filter(({ steps }) => steps.length > 0);
    // One that is sent as a whole is asked for no members.
    if (deeper.length < below.length) return [];
    return unsent(inner, deeper, inputs).map((steps) => [name, ...steps]);
  });
}
