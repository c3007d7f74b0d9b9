import type { Access } from '../../../schemas/vocabulary.js';
import type { CategoryAccess, LinkQuestion } from '../../../schemas/ports/gate.js';
import { linkName, type ReadField, type ReadSelection } from './read-field.js';

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

/** A link as the gate is asked about it. */
export interface ReadLink {
  readonly name: string;
  readonly field: ReadField;
  readonly question: LinkQuestion;
}

/** Returns the links among these fields and below them. Links below links are left out. */
export function linksOf(fields: readonly ReadField[]): readonly ReadLink[] {
  return fields.flatMap((field): readonly ReadLink[] => {
    if (!field.link) return field.below ? linksOf(field.below.fields) : [];
    const categories = accessesOf(categoriesBeyond(field, field.below));
    return [{ name: linkName(field), field, question: { role: field.link.role, categories } }];
  });
}

/** Returns the categories as the gate is asked about them. */
export function accessesOf(categories: Categories): readonly CategoryAccess[] {
  return [...categories].map(([category, access]) => ({ category, access }));
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
