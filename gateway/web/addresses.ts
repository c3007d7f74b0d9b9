import { LANGUAGES, type Language } from '../../schemas/language.js';

/** Returns the path of an address. */
export function pathOf(target: string): string {
  const end = target.indexOf('?');
  return end === -1 ? target : target.slice(0, end);
}

/** Returns the language that an address begins with, or undefined. */
export function languageOfAddress(target: string): Language | undefined {
  const [, first] = pathOf(target).split('/');
  return LANGUAGES.find((language) => language === first);
}

/** Returns an address with some parameters changed. */
export function withParameters(target: string, changes: Readonly<Record<string, string | undefined>>): string {
  const { pathname, searchParams } = new URL(target, 'http://page');
  for (const [name, value] of Object.entries(changes))
    if (value === undefined) searchParams.delete(name);
    else searchParams.set(name, value);
  return searchParams.size === 0 ? pathname : `${pathname}?${searchParams.toString()}`;
}

/** Returns whether a text is an address of these pages. @param text untrusted. */
export function isOwnAddress(text: string): boolean {
  return languageOfAddress(text) !== undefined && !/[\\\p{Cc}]/u.test(text);
}
