import { withheldFor, type Denied, type ReadField, type ReadSelection } from './read-field.js';

/** A field as a register is asked for it. */
export interface AskedField {
  readonly field: ReadField;
  readonly below: readonly AskedField[];
}

const NOTHING_DENIED: Denied = new Set();

/**
 * What a register may be asked when these categories are denied. Fields of theirs are cut; derived
 * fields are never asked, their sources are; below a link stands another person, who is decided on
 * after the answer.
 */
export function pruneSelection(selection: ReadSelection, denied: Denied): readonly AskedField[] {
  return selection.fields.flatMap((field) => pruneField(field, selection, denied));
}

function pruneField(field: ReadField, selection: ReadSelection, denied: Denied): readonly AskedField[] {
  if (!isAsked(field, selection, denied)) return [];
  const below = field.below ? pruneSelection(field.below, field.link ? NOTHING_DENIED : denied) : [];
  return [{ field, below }];
}

function isAsked(field: ReadField, selection: ReadSelection, denied: Denied): boolean {
  switch (field.origin) {
    case 'typename':
    case 'identity':
      return true;
    case 'source':
      return isNeededSource(field, selection, denied);
    case 'plan':
      if (field.derivation) return false;
      return withheldFor(field, denied) === undefined || identifies(field, selection);
  }
}

function isNeededSource(source: ReadField, { fields }: ReadSelection, denied: Denied): boolean {
  return fields.some(
    (field) =>
      field.within.join() === source.within.join() &&
      field.derivation?.sources.some(({ responseKey }) => responseKey === source.responseKey) === true &&
      withheldFor(field, denied) === undefined,
  );
}

/** A number that tells about whom an answer is, read even where it is not released. */
function identifies(field: ReadField, { identity }: ReadSelection): boolean {
  return field.below === undefined && [...identity.values()].includes(field.responseKey);
}
