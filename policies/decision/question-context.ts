import { ASSURANCES } from '../../schemas/vocabulary.js';
import { lineAt } from './cedar-errors.js';
import type { SchemaJson } from './cedar.js';
import { NEXUS_KINDS } from './permissions.js';
import { PolicyFileInvalid } from './policy-file-invalid.js';
import { BASES } from './purposes.js';
import type { NexusWord } from './port.js';
import type { RuleFile } from './rule-files.js';

type Namespace = SchemaJson<string>[string];
type Context = NonNullable<NonNullable<Namespace['actions'][string]['appliesTo']>['context']>;

/** The words of one attribute; undefined where the schema or another file decides which there are. */
interface StatedAttribute {
  readonly type: string;
  readonly words?: readonly string[];
}

/** What the context of every question states. `cedarRequest` makes it. */
const STATED: Readonly<Record<string, StatedAttribute>> = {
  purpose: { type: 'Purpose' },
  basis: { type: 'Basis', words: BASES },
  nexus: { type: 'Nexus', words: [...NEXUS_KINDS, 'none'] },
  age: { type: 'Age', words: ['minor', 'adult'] },
  ownCase: { type: 'Bool' },
  assurance: { type: 'Assurance', words: ASSURANCES },
};

/**
 * Refuses a schema that does not take the questions that Tereze asks: an action whose context lacks what each
 * question states, or an enum that lacks one of its words. Cedar would refuse those questions one by one, and every
 * decision would be a denial.
 *
 * @throws {@link PolicyFileInvalid} with the line of the action or of the type of its context, and what to add.
 */
export function assertTakesQuestions(
  { file, json }: { readonly file: string; readonly json: SchemaJson<string> },
  text: RuleFile['text'],
): void {
  const root = json[''] ?? { entityTypes: {}, actions: {} };
  for (const [action, { appliesTo }] of Object.entries(root.actions)) {
    if (appliesTo !== undefined) assertStated(action, appliesTo.context, { file, root, text });
  }
  for (const { type, words = [] } of Object.values(STATED)) {
    const declared = root.entityTypes[type];
    const listed = declared !== undefined && 'enum' in declared ? declared.enum : words;
    const missing = words.find((word) => !listed.includes(word));
    if (missing !== undefined)
      throw new PolicyFileInvalid({
        file,
        line: lineOf(`entity ${type}`, text),
        problem: `${type} lacks "${missing}"`,
      });
  }
}

/**
 * Whether a schema has the word for data about no person. One that was written before there was this word has not: its
 * rules were made for questions about people, and open no other.
 */
export function namesNoPerson({ json }: { readonly json: SchemaJson<string> }): boolean {
  const nexus = json['']?.entityTypes['Nexus'];
  return nexus !== undefined && 'enum' in nexus && nexus.enum.includes(NO_SUBJECT);
}

const NO_SUBJECT: NexusWord = 'no_subject';

interface Place {
  readonly file: string;
  readonly root: Namespace;
  readonly text: string;
}

function assertStated(action: string, context: Context | undefined, { file, root, text }: Place): void {
  const attributes = attributesOf(context, root);
  if (attributes === undefined) return;
  const missing = Object.keys(STATED).find((name) => !Object.hasOwn(attributes, name));
  if (missing === undefined) return;
  const { type = '' } = STATED[missing] ?? {};
  const isDeclared = type === 'Bool' || Object.hasOwn(root.entityTypes, type);
  const named = nameOf(context, root);
  throw new PolicyFileInvalid({
    file,
    line: lineOf(named === undefined ? `action ${action}` : `type ${named}`, text),
    problem: `the context of action "${action}" lacks "${missing}", which every question states: add the line "${missing}: ${type}," to ${named === undefined ? 'it' : `the type ${named}`}${isDeclared ? '' : `, and the line "entity ${type};" to the schema`}`,
  });
}

/** Returns the attributes of a context, in the action or in a type that the schema names; undefined if neither has any. */
function attributesOf(context: Context | undefined, root: Namespace): Readonly<Record<string, unknown>> | undefined {
  if (context === undefined) return {};
  if (hasAttributes(context)) return context.attributes;
  const named = nameOf(context, root);
  const type = named === undefined ? undefined : root.commonTypes?.[named];
  return type === undefined ? undefined : attributesOf(type, root);
}

function hasAttributes(type: Context): type is Extract<Context, { readonly type: 'Record' }> {
  return type.type === 'Record' && 'attributes' in type;
}

/** Returns the name of the common type that a context is, if it is one. */
function nameOf(context: Context | undefined, { commonTypes = {} }: Namespace): string | undefined {
  if (context === undefined) return undefined;
  const name = 'name' in context ? context.name : context.type;
  return Object.hasOwn(commonTypes, name) ? name : undefined;
}

/** Returns the line on which something is declared, from 1; undefined if the text writes it in another way. */
function lineOf(declaration: string, text: string): number | undefined {
  const index = text.search(new RegExp(String.raw`^[ \t]*${declaration}\b`, 'm'));
  return index < 0 ? undefined : lineAt(text, index);
}
