import type { Access } from '../../../schemas/vocabulary.js';
import type { ReadField, ReadSelection } from './read-field.js';

export type Categories = ReadonlyMap<string, Access>;

/**
 * Every category that a selection reads of the person whom its objects are about. The category of a
 * link counts, since it is decided on that person too; what stands below the link does not.
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

/** Every category that a link and what stands below it reads of the person to whom it leads. */
export function categoriesBeyond(link: ReadField, below: ReadSelection | undefined): Categories {
  const categories = new Map(below ? categoriesOf(below.fields) : []);
  if (link.category !== undefined) addAccess(categories, link.category, link.access);
  return categories;
}

export function addAccess(categories: Map<string, Access>, category: string, access: Access): void {
  if (categories.get(category) !== 'disclose') categories.set(category, access);
}
