import { compileText, type Constants } from './compile-text.js';
import { placeholdersIn } from './placeholders.js';
import { ValueRefused, type RequestValues } from './values.js';

/**
 * Compiles the template of a path. A value stays within its segment: what RFC 3986, section 3.3 gives
 * a meaning becomes %XX. A segment that would be empty, `.` or `..` is refused, because clients and servers remove it
 * from the path (section 5.2.4).
 */
export function compilePath(template: string, constants: Constants): (values: RequestValues) => string {
  const segments = template
    .slice(1)
    .split('/')
    .map((segment) => ({
      name: placeholdersIn(segment)[0]?.name,
      fill: compileText(segment, constants, encodeURIComponent),
    }));
  const fill = (values: RequestValues): string => {
    let path = '';
    for (const { name, fill: fillSegment } of segments) {
      const segment = fillSegment(values);
      if (name !== undefined && (segment === undefined || /^\.{0,2}$/.test(segment))) throw new ValueRefused(name);
      path += `/${segment ?? ''}`;
    }
    return path;
  };
  if (segments.some(({ name }) => name !== undefined)) return fill;
  const fixed = fill({});
  return () => fixed;
}
