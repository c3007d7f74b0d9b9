import type { ReadField, ReadSelection } from '../../../gateway/execution/reads/read-field.js';

/** Returns a leaf that the plan selects on `Doc`, without governance, changed by `more`. */
export const field = (name: string, more: Partial<ReadField> = {}): ReadField => ({
  name,
  responseKey: name,
  parentType: 'Doc',
  within: [],
  arguments: [],
  type: 'String',
  list: false,
  lists: 0,
  origin: 'plan',
  category: undefined,
  access: 'disclose',
  link: undefined,
  derivation: undefined,
  bound: undefined,
  renames: [],
  below: undefined,
  ...more,
});

/** Returns a selection on `Doc` of the register `docs`, changed by `more`. */
export const selection = (fields: readonly ReadField[], more: Partial<ReadSelection> = {}): ReadSelection => ({
  register: 'docs',
  type: 'Doc',
  abstract: false,
  fields,
  identity: new Map(),
  dwelling: new Map(),
  leadsToOthers: false,
  tellsDwellings: false,
  ...more,
});
