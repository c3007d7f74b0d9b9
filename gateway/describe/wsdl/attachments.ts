import type { ElementShapes } from './element-shapes.js';
import { ATTACHED } from './namespaces.js';
import type { Component } from './schema-set.js';
import { attribute, type XmlNode } from './xml-document.js';

/**
 * Whether an element, or one below it, may travel beside the message: by MTOM or XOP, or as an attachment of WS-I. Such
 * messages are no XML.
 */
export function hasAttachments(element: Component, shapes: ElementShapes): boolean {
  const seen = new Set<XmlNode>();
  const visit = ({ node, ...rest }: Component): boolean => {
    if (isMarked(node)) return true;
    const type = shapes.typeOf({ node, ...rest });
    if (type === undefined || 'simple' in type) return false;
    return shapes.concrete(type.complex).some((complex) => {
      if (seen.has(complex.node)) return false;
      seen.add(complex.node);
      const { elements, references } = shapes.content(complex);
      return references.some(({ uri }) => ATTACHED.includes(uri)) || elements.some(({ declared }) => visit(declared));
    });
  };
  return visit(element);
}

function isMarked(node: XmlNode): boolean {
  const type = attribute(node, 'type');
  return node.isAttached || (type !== undefined && ATTACHED.includes(node.named(type).uri));
}
