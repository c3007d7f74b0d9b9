import type { LeafShape, MemberShape, Shape } from '../description.js';
import type { XmlNode } from './xml-document.js';

const SOAP_ENVELOPES: readonly string[] = [
  'http://schemas.xmlsoap.org/soap/envelope/',
  'http://www.w3.org/2003/05/soap-envelope',
];

/** Returns the element with the data of an example: that in the Body of an envelope, or the whole document. */
export function payloadOfExample(root: XmlNode): XmlNode | undefined {
  if (!SOAP_ENVELOPES.includes(root.uri) || root.local !== 'Envelope') return root;
  return root.children.find(({ uri, local }) => uri === root.uri && local === 'Body')?.children[0];
}

/**
 * Returns the shape of elements of an example that have one place: texts and what is in each other, no more, because an
 * example does not say what must come. What comes more than once in one of them is a list.
 */
export function shapeOfExample(elements: readonly XmlNode[], name: string): Shape {
  const members = membersOfExample(elements, new Set());
  const text: LeafShape = { kind: 'leaf', type: 'text' };
  if (members.length === 0) return text;
  const hasText = elements.some((element) => element.text.trim() !== '');
  const own: MemberShape = {
    name: 'value',
    at: ['#text'],
    shape: text,
    required: false,
    nullable: true,
    place: place(elements),
  };
  return { kind: 'object', name, members: hasText ? [own, ...members] : members, open: true };
}

/** Returns the members that elements of an example have, but those of these names. */
export function membersOfExample(elements: readonly XmlNode[], described: ReadonlySet<string>): readonly MemberShape[] {
  const attributes =
    described.size > 0 ? [] : [...new Set(elements.flatMap((element) => [...element.attributes.keys()]))];
  const names = [...new Set(elements.flatMap(({ children }) => children.map(({ local }) => local)))];
  return [
    ...attributes.map((name): MemberShape => ({
      ...{ name, at: [`@${name}`], shape: { kind: 'leaf', type: 'text' }, required: false, nullable: true },
      place: place(elements),
    })),
    ...names
      .filter((name) => !described.has(name))
      .map((name): MemberShape => {
        const each = elements.map(({ children }) => children.filter(({ local }) => local === name));
        const all = each.flat();
        const of = shapeOfExample(all, name);
        return {
          name,
          at: [name],
          shape: each.some((some) => some.length > 1) ? { kind: 'list', of } : of,
          required: false,
          nullable: true,
          place: place(all),
        };
      }),
  ];
}

function place(elements: readonly XmlNode[]): string {
  return elements[0]?.place ?? '1';
}
