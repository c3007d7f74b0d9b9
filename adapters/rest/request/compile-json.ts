import { bareObject } from '../../../schemas/objects.js';
import { compileTemplate, type Constants } from './compile-text.js';
import type { JsonTemplate } from './request-source.js';
import { compileRepeated } from './repeated.js';
import type { RequestValues } from './values.js';

/** Fills a part of a body. Undefined: the part is left out. */
type Fill = (values: RequestValues) => unknown;

/**
 * Compiles the template of a JSON body. Returns a function that makes the value to be written as JSON: a value can only be
 * a text, a number, a boolean or a list of those. A member or an item without a value is left out. `isBatch`: whether
 * the request asks for many keys, for each of which the item of a list of one is written.
 */
export function compileJson(template: JsonTemplate, constants: Constants, isBatch: boolean): Fill {
  if (template === null) return () => null;
  if (Array.isArray(template)) return compileArray(template, constants, isBatch);
  if (typeof template === 'object') return compileObject(template, constants, isBatch);
  const compiled = compileTemplate(template, constants);
  if ('fixed' in compiled) return () => compiled.fixed;
  return 'list' in compiled ? compiled.list : compiled.leaf;
}

function compileArray(templates: readonly JsonTemplate[], constants: Constants, isBatch: boolean): Fill {
  const items = templates.map((template) => compileJson(template, constants, isBatch));
  const [only] = items;
  if (isBatch && only !== undefined && items.length === 1) {
    const fillEach = compileRepeated(templates[0], only);
    return (values) => fillEach(values).filter((item) => item !== undefined);
  }
  return (values) => items.map((fill) => fill(values)).filter((item) => item !== undefined);
}

function compileObject(
  templates: Readonly<Record<string, JsonTemplate>>,
  constants: Constants,
  isBatch: boolean,
): Fill {
  const members = Object.entries(templates).map(([name, template]) => ({
    name,
    fill: compileJson(template, constants, isBatch),
  }));
  return (values) => {
    const made = bareObject();
    for (const { name, fill } of members) made[name] = fill(values);
    return made;
  };
}
