import type { Access } from '../../../schemas/vocabulary.js';
import type { ReadField, ReadSelection } from './read-field.js';

export type Categories = ReadonlyMap<string, Access>;

/**
 * Returns every category that a selection reads of the person that its objects are about. The category of a link
 * counts, because it is decided on that person too. Fields below the link do not.
 */
export function categoriesOf(fields: readonly ReadField[]): Categories {
  const categories = new Map<string, Access>();
  collect(fields, categories);
  return categories;
}

function collect(fields: readonly ReadField[], categories: Map<string, Access>): void {
  for (const field of fields) {
    if (field.category !== undefined) addAccess(categories, field.category, field.access);
    for (const { category } of field.derivation?.sources ?? []) addAccess(categories, category, 'read');
    if (field.below && !field.link) collect(field.below.fields, categories);
  }
}

/** Returns the links among these fields and below them, each with what is read of the people that it leads to. Links below links are left out. */
export function linksOf(fields: readonly ReadField[]): readonly ReadField[] {
  return fields.flatMap((field) => (field.link ? [field] : field.below ? linksOf(field.below.fields) : []));
}

/** Returns every category that a link and the fields below it read of the person that the link leads to. */
export function categoriesBeyond(link: ReadField, below: ReadSelection | undefined): Categories {
  const categories = new Map(below ? categoriesOf(below.fields) : []);
  if (link.category !== undefined) addAccess(categories, link.category, link.access);
  return categories;
}

/** Adds a category. `disclose` stays if the category has it. */
export function addAccess(categories: Map<string, Access>, category: string, access: Access): void {
  if (categories.get(category) !== 'disclose') categories.set(category, access);
}
