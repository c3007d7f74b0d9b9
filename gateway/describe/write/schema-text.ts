import { Kind, print } from 'graphql';
import type { PlannedArgument, PlannedField, PlannedRoot, PlannedType, RegisterPlan } from './plan.js';
import { SCALAR_DESCRIPTIONS } from './scalar-of.js';

/** What is written until a person chooses a category. No start accepts it: categories are in small letters. */
export const CATEGORY_PLACEHOLDER = 'CATEGORY';
/** The same for questions about no person, in a register that has others: one category cannot be both. */
const OTHER_PLACEHOLDER = 'CATEGORY_OF_NO_PERSON';

/** What a question about no person can be: the default, PERSONAL, needs an argument that names one. */
const NOT_PERSONAL = 'OFFICIAL';

const DESCRIPTION_LENGTH = 200;

/** Returns `schema.graphql`. It passes `tereze schema check` but for categories. */
export function schemaText(plan: RegisterPlan): string {
  const isPersonal = plan.roots.some((root) => root.arguments.some(({ isSubject }) => isSubject));
  const sensitivity = isPersonal ? undefined : NOT_PERSONAL;
  const body = [
    block(
      'type Query',
      plan.roots.map((root) => rootText(root, isPersonal)),
    ),
    ...plan.types.map((type) => typeText(type, sensitivity)),
    ...plan.unions.map(
      ({ name, description, members }) => `${described(description, '')}union ${name} = ${members.join(' | ')}`,
    ),
  ].join('\n\n');
  return [
    `# ${plan.register}: what ${quotedTitle(plan)} offers. Written by tereze register new.`,
    `# Write a category for each "${CATEGORY_PLACEHOLDER}": no start accepts the word itself.`,
    ...(body.includes(OTHER_PLACEHOLDER)
      ? [`# "${OTHER_PLACEHOLDER}" is another one: what the question itself names is about no person.`]
      : []),
    'extend schema',
    '  @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])',
    '  @link(',
    '    url: "https://tereze.kz/governance/v1.0"',
    '    import: ["@subject", "@subjectArgument", "@category", "@derived", "@listSize"]',
    '  )',
    '',
    ...scalarsIn(body).map((name) => `${described(SCALAR_DESCRIPTIONS[name], '')}scalar ${name}\n`),
    body,
    '',
  ].join('\n');
}

function quotedTitle({ title, register }: RegisterPlan): string {
  return oneLine(title ?? register).slice(0, 80);
}

function scalarsIn(body: string): readonly string[] {
  return Object.keys(SCALAR_DESCRIPTIONS).filter((name) => new RegExp(`[:[] ?${name}\\b`).test(body));
}

function rootText(root: PlannedRoot, isPersonal: boolean): string {
  const given = root.arguments.length > 0 ? `(\n${root.arguments.map(argumentText).join('\n')}\n  )` : '';
  const namesPerson = root.arguments.some(({ isSubject }) => isSubject);
  const written = namesPerson
    ? category(undefined)
    : category(NOT_PERSONAL, isPersonal ? OTHER_PLACEHOLDER : undefined);
  return `${described(root.description)}  ${root.name}${given}: ${root.type}${bound(root.listSize)} ${written}`;
}

function argumentText({ name, type, description, isSubject }: PlannedArgument): string {
  return `${described(description, '    ')}    ${name}: ${type}${isSubject ? ' @subjectArgument' : ''}`;
}

function typeText(type: PlannedType, sensitivity: string | undefined): string {
  const about = [
    ...(type.key.length > 0 ? [`@key(fields: "${type.key.join(' ')}")`] : []),
    ...(type.subject === undefined ? [] : [`@subject(field: "${type.subject}")`]),
    category(sensitivity),
  ].join(' ');
  return described(type.description, '') + block(`type ${type.name} ${about}`, type.fields.map(fieldText));
}

function fieldText({ name, type, description, listSize, person }: PlannedField): string {
  const link = person === undefined ? '' : ` @subject(field: "${person.field}", role: "${person.role}")`;
  return `${described(description)}  ${name}: ${type}${bound(listSize)}${link}`;
}

function block(head: string, lines: readonly string[]): string {
  return `${head} {\n${lines.join('\n')}\n}`;
}

function bound(size: number | undefined): string {
  return size === undefined ? '' : ` @listSize(assumedSize: ${size})`;
}

function category(sensitivity: string | undefined, placeholder: string = CATEGORY_PLACEHOLDER): string {
  return `@category(name: "${placeholder}"${sensitivity === undefined ? '' : `, sensitivity: ${sensitivity}`})`;
}

/** The first sentences of a description, as GraphQL writes one. */
function described(description: string | undefined, indent = '  '): string {
  const text = oneLine(description?.split(/\n\s*\n/, 1)[0] ?? '');
  if (text === '') return '';
  const short = text.length > DESCRIPTION_LENGTH ? `${text.slice(0, DESCRIPTION_LENGTH - 1).trimEnd()}…` : text;
  return `${indent}${print({ kind: Kind.STRING, value: short, block: false })}\n`;
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{C}]+/gu, ' ').trim();
}
