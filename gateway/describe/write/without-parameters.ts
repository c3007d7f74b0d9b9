import { isObject } from '../../../schemas/objects.js';
import type { ParameterDescription, YamlObject, YamlValue } from '../description.js';

/** Returns a template without the members and items that are the placeholder of one of these parameters. */
export function withoutParameters(
  parameters: readonly Pick<ParameterDescription, 'placeholder'>[],
  template: YamlObject,
): YamlObject {
  if (parameters.length === 0) return template;
  const texts = new Set<unknown>(parameters.flatMap(({ placeholder }) => [`{${placeholder}}`, `{${placeholder}[]}`]));
  const isKept = (value: YamlValue | undefined): boolean =>
    !texts.has(value) && !(isObject(value) && texts.has(value['joined']));
  const pruned = (value: YamlValue | undefined): YamlValue | undefined => {
    if (isList(value)) return value.filter(isKept).map((item) => pruned(item) ?? null);
    return typeof value === 'object' && value !== null ? membersOf(value) : value;
  };
  const membersOf = (object: YamlObject): YamlObject =>
    Object.fromEntries(
      Object.entries(object).flatMap(([name, value]) => (isKept(value) ? [[name, pruned(value)]] : [])),
    );
  return membersOf(template);
}

function isList(value: YamlValue | undefined): value is readonly YamlValue[] {
  return Array.isArray(value);
}
