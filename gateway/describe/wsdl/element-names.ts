import type { YamlObject } from '../description.js';
import { fieldName, NameSet } from '../write/names.js';
import type { ElementShapes } from './element-shapes.js';
import type { Component } from './schema-set.js';
import type { QName, XmlNode } from './xml-document.js';

/** How names of elements are written and read in `source.yaml`. */
export interface ElementNames {
  /** Its members that say so. */
  readonly source: YamlObject;
  /** A name as templates write it. */
  written(name: QName): string;
}

/** Elements of one message, and of an example of it. */
export interface UsedElement {
  readonly element: Component;
  readonly example: readonly XmlNode[];
}

/**
 * Returns how the names of these elements and of all below them are written: all in one namespace, those at the top only,
 * or each as its schema says.
 */
export function elementNames(used: readonly UsedElement[], shapes: ElementShapes): ElementNames {
  const top = new Set(used.map(({ element }) => element.name.uri));
  const below = new Set<string>();
  const seen = new Set<XmlNode>();
  const visit = (element: Component): void => {
    const type = shapes.typeOf(element);
    if (type === undefined || 'simple' in type) return;
    for (const complex of shapes.concrete(type.complex)) {
      if (seen.has(complex.node)) continue;
      seen.add(complex.node);
      for (const { name, declared } of shapes.content(complex).elements) {
        below.add(name.uri);
        visit(declared);
      }
    }
  };
  for (const { element, example } of used) {
    visit(element);
    for (const node of example) for (const child of node.children) addNames(child, below);
  }
  const [namespace = '', ...others] = top;
  const isOne = others.length === 0 && namespace !== '';
  if (isOne && [...below].every((uri) => uri === namespace))
    return { source: { namespace, elements: 'qualified' }, written: ({ local }) => local };
  if (isOne && [...below].every((uri) => uri === ''))
    return { source: { namespace, elements: 'unqualified' }, written: ({ local }) => local };
  return asSchema(new Set([...top, ...below]));
}

function addNames(node: XmlNode, into: Set<string>): void {
  into.add(node.uri);
  for (const child of node.children) addNames(child, into);
}

function asSchema(uris: ReadonlySet<string>): ElementNames {
  const names = new NameSet(['xml', 'xs', 'xsi', 'soap']);
  const prefixes = new Map([...uris].filter((uri) => uri !== '').map((uri) => [uri, names.take(prefixOf(uri))]));
  return {
    source: {
      elements: 'as_schema',
      namespaces: Object.fromEntries([...prefixes].map(([uri, prefix]) => [prefix, uri])),
    },
    written: ({ uri, local }) => (uri === '' ? local : `${prefixes.get(uri) ?? ''}:${local}`),
  };
}

/** The last word of an address, such as `producer` of `http://test.x-road.global/producer`. */
function prefixOf(uri: string): string {
  const words = uri.replace(/\.(xsd|wsdl)$/, '').split(/[^A-Za-z]+/);
  const prefix = fieldName(words.filter((word) => word !== '').at(-1) ?? 'n').toLowerCase();
  return prefix.startsWith('xml') ? 'n' : prefix;
}
