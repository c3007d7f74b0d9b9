import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LANGUAGES, type Language } from '../../../schemas/language.js';

/** A text, or one for each plural form of the number `count` (CLDR). */
const form = z.string().min(1);
const textShape = z.union([
  form,
  z.strictObject({
    one: form.optional(),
    few: form.optional(),
    many: form.optional(),
    other: form,
  }),
]);
type Text = z.output<typeof textShape>;
const fileShape = z.record(z.string(), textShape);

/** Values for the parameters of a text. */
export type TextValues = Readonly<Record<string, string | number>>;

/** Returns a text of the pages by its name, such as `search.title`. Throws for a name that no file has. */
export type Texts = (name: string, values?: TextValues) => string;

/** Thrown when texts are not the same in all languages. It names every difference. */
export class TextsDiffer extends Error {}

/**
 * Reads the texts of all pages: a file for each page and language, `kk/search.json`.
 *
 * @throws TextsDiffer if a text, one of its parameters or one of its plural forms is missing in a language.
 */
export function readTexts(folder: string): Readonly<Record<Language, Texts>> {
  const read = Object.fromEntries(LANGUAGES.map((language) => [language, textsIn(join(folder, language))])) as Readonly<
    Record<Language, ReadonlyMap<string, Text>>
  >;
  const problems = problemsOf(read);
  if (problems.length > 0) throw new TextsDiffer(problems.join('\n'));
  const made = LANGUAGES.map((language) => [language, textsOf(read[language], language)] as const);
  return Object.fromEntries(made) as Record<Language, Texts>;
}

function textsIn(folder: string): ReadonlyMap<string, Text> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return new Map(
    files.flatMap((file) => {
      const texts = fileShape.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
      return Object.entries(texts).map(([name, text]) => [`${file.slice(0, -'.json'.length)}.${name}`, text] as const);
    }),
  );
}

function textsOf(texts: ReadonlyMap<string, Text>, language: Language): Texts {
  const plurals = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (name, values = {}) => {
    const text = texts.get(name);
    if (text === undefined) throw new RangeError(`there is no text ${name}`);
    const template =
      typeof text === 'string' ? text : (text[formOf(plurals.select(Number(values['count'])))] ?? text.other);
    return template.replaceAll(/\{(\w+)\}/g, (_, parameter: string) => {
      const value = values[parameter];
      if (value === undefined) throw new RangeError(`the text ${name} has no value for ${parameter}`);
      return typeof value === 'number' ? numbers.format(value) : value;
    });
  };
}

/** Our languages have no other forms. */
const formOf = (category: Intl.LDMLPluralRule): keyof Exclude<Text, string> =>
  category === 'zero' || category === 'two' ? 'other' : category;

/** Returns what differs between the languages, a line each. */
function problemsOf(read: Readonly<Record<Language, ReadonlyMap<string, Text>>>): readonly string[] {
  const names = new Set(LANGUAGES.flatMap((language) => [...read[language].keys()]));
  return [...names].flatMap((name) => {
    const all = LANGUAGES.map((language) => ({ language, text: read[language].get(name) }));
    const wanted = parametersOf(all.find(({ text }) => text !== undefined)?.text);
    return all.flatMap(({ language, text }) => {
      if (text === undefined) return [`${language}: ${name} is missing`];
      if (parametersOf(text) !== wanted) return [`${language}: ${name} has other parameters`];
      const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      const missing = typeof text === 'string' ? [] : forms.filter((form) => text[formOf(form)] === undefined);
      return missing.map((form) => `${language}: ${name} has no plural form "${form}"`);
    });
  });
}

function parametersOf(text: Text | undefined): string {
  const templates = text === undefined ? [] : typeof text === 'string' ? [text] : [text.other];
  const found = templates.flatMap((template) => [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''));
  return [...new Set(found)].sort().join(' ');
}
