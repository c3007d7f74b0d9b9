import { bareObject, emptyPrototype, isLeaf, isObject, ownMember, shapeCode } from '../../schemas/objects.js';
import type { BeyondFinder } from '../mapping/unread.js';
import { generateFunction, quoted, type GenerateFunction } from '../../schemas/generated-function.js';

type ResponsePath = readonly (string | number)[];
export type Members = Readonly<Record<string, unknown>>;

/** Findings while a response is taken. */
export interface Taking {
  /** What the register sent that was not selected. */
  readonly beyond: BeyondFinder;
  /** Called with the path of each member that is missing or has another form than selected. It becomes null. */
  readonly onMalformed: (path: ResponsePath) => void;
}

/** A required or optional member of an object in a response. */
export interface Member {
  readonly key: string;
  readonly required: boolean;
  /** Depth of nested lists around its values. */
  readonly lists: number;
  /** A leaf that may be any JSON. */
  readonly freeForm: boolean;
  /** Undefined for leaves. */
  readonly below: Take | undefined;
}

/** Path of a value in the response, from its last step backwards. It is written out only if the value is malformed. */
export interface LinkedPath {
  readonly before: LinkedPath | undefined;
  readonly key: string | number;
}

/** Takes the selected members of an object: a new bare object that holds them and nothing else. */
export type Take = (value: Members, taking: Taking, at: LinkedPath | undefined) => Record<string, unknown>;

/** Wider objects are taken member by member. */
const MAX_GENERATED = 200;

/** Compiles the members of objects of a type. */
export function compileTake(
  type: string,
  members: readonly Member[],
  generate: GenerateFunction = generateFunction,
): Take {
  // Objects with optional members do not all have the same keys.
  const isGenerated = members.length <= MAX_GENERATED && members.every(({ required }) => required);
  const more = noteMore(type, members);
  return (isGenerated ? generateTake(members, more, generate) : undefined) ?? interpretTake(members, more);
}

/** Notes the members of an object that were not selected. */
type NoteMore = (value: Members, taking: Taking) => void;

/** A member that was not selected has the name of its field: an alias is what a selection gives. */
function noteMore(type: string, members: readonly Member[]): NoteMore {
  const selected = new Set(members.map(({ key }) => key));
  return (value, { beyond }) => {
    for (const name of Object.keys(value)) if (!selected.has(name)) beyond.noteField({ type, name });
  };
}

function interpretTake(members: readonly Member[], more: NoteMore): Take {
  return (value, taking, at) => {
    const made = bareObject();
    let found = 0;
    for (const member of members) {
      const { key } = member;
      const given = ownMember(value, key);
      if (given !== undefined) {
        found += 1;
        made[key] = takeValue(given, member, member.lists, taking, at, key);
      } else if (member.required) made[key] = malformed(taking, at, key);
    }
    if (Object.keys(value).length > found) more(value, taking);
    return made;
  };
}

function generateTake(members: readonly Member[], more: NoteMore, generate: GenerateFunction): Take | undefined {
  const body = `
    ${shapeCode(members.map(({ key }) => quoted(key)))}
    return function take(value, taking, at) {
      var found = 0;
      ${members.map(memberCode).join('\n')}
      if (Object.keys(value).length > found) more(value, taking);
      return new Shape(${members.map((_, position) => `v${position}`).join(', ')});
    };`;
  const made = generate(['EMPTY', 'members', 'takeValue', 'malformed', 'isLeaf', 'more'], body) as
    | ((
        empty: object,
        members: readonly Member[],
        take: typeof takeValue,
        malformed: (taking: Taking, at: LinkedPath | undefined, key: string) => null,
        leaf: typeof isLeaf,
        more: NoteMore,
      ) => Take)
    | undefined;
  return made?.(emptyPrototype(), members, takeValue, malformed, isLeaf, more);
}

function memberCode({ key, lists, freeForm, below }: Member, position: number): string {
  const variable = `v${position}`;
  const name = quoted(key);
  const isInherited = key in Object.prototype;
  const given = isInherited
    ? `Object.prototype.hasOwnProperty.call(value, ${name}) ? value[${name}] : undefined`
    : `value[${name}]`;
  const isPlain = lists === 0 && below === undefined && !freeForm;
  const taken = isPlain
    ? `if (typeof ${variable} === 'object' && !isLeaf(${variable})) ${variable} = malformed(taking, at, ${name});`
    : `${variable} = takeValue(${variable}, members[${position}], ${lists}, taking, at, ${name});`;
  return `var ${variable} = ${given}; if (${variable} === undefined) ${variable} = malformed(taking, at, ${name}); else { found += 1; ${taken} }`;
}

function takeValue(
  value: unknown,
  member: Member,
  lists: number,
  taking: Taking,
  at: LinkedPath | undefined,
  key: string | number,
): unknown {
  if (value === null) return null;
  if (lists > 0)
    return Array.isArray(value)
      ? takeList(value, member, lists - 1, taking, { before: at, key })
      : malformed(taking, at, key);
  if (member.below === undefined) return isLeaf(value) || member.freeForm ? value : malformed(taking, at, key);
  return isObject(value) ? member.below(value, taking, { before: at, key }) : malformed(taking, at, key);
}

function takeList(value: readonly unknown[], member: Member, lists: number, taking: Taking, at: LinkedPath): unknown[] {
  return value.map((item, position) => takeValue(item, member, lists, taking, at, position));
}

function malformed({ onMalformed }: Taking, at: LinkedPath | undefined, key: string | number): null {
  const path = [key];
  for (let step = at; step !== undefined; step = step.before) path.unshift(step.key);
  onMalformed(path);
  return null;
}
