import type { Said, Shape } from '../description.js';
import type { ElementUse } from './content.js';
import { descriptionOf, listOf, type ElementShapes } from './element-shapes.js';
import { shapeOfExample } from './example-shape.js';
import { wordsOf } from '../effect/effect-of-name.js';
import type { Component } from './schema-set.js';
import { attribute, type QName, type XmlNode } from './xml-document.js';

/** A value that a question sends. */
export interface QuestionLeaf {
  readonly name: string;
  /** Names of elements below the first, and its own. */
  readonly path: readonly string[];
  readonly shape: Shape;
  readonly required: boolean;
  /** The only value that it can have. */
  readonly fixed: string | undefined;
  /** Whether it is about the message, not about what is asked. */
  readonly inHeader: boolean;
  readonly description: string | undefined;
  readonly place: string;
}

/** An element or attribute of a question: a value, or more of them. */
export interface QuestionNode {
  readonly qname: QName;
  readonly isAttribute?: boolean;
  /** The text of an element with attributes. */
  readonly isText?: boolean;
  readonly required: boolean;
  readonly leaf?: QuestionLeaf;
  readonly children: readonly QuestionNode[];
}

export interface QuestionTree {
  readonly root: QuestionNode;
  readonly leaves: readonly QuestionLeaf[];
  readonly said: readonly Said[];
}

/** Words of an element that says who asks, when, and with which number. */
const HEADER: ReadonlySet<string> = new Set([
  ...['header', 'head', 'testata', 'intestazione', 'kopf', 'cabecera', 'encabezado', 'entete', 'cabeçalho', 'nagłówek'],
  ...['шапка', 'заголовок', 'тақырып'],
]);

/** Values of one question at most. */
const MAX_LEAVES = 500;

interface Around {
  readonly path: readonly string[];
  readonly required: boolean;
  readonly inHeader: boolean;
  /** Types around, to cut those that contain themselves. */
  readonly types: readonly XmlNode[];
}

/**
 * Returns what a question holds. `example`: the elements that an example answer repeats of the question, for what is not
 * described.
 */
export function questionTree(
  element: Component,
  shapes: ElementShapes,
  { example = [], inHeader = false }: { readonly example?: readonly XmlNode[]; readonly inHeader?: boolean } = {},
): QuestionTree {
  const reader = new TreeReader(shapes);
  const use = { name: element.name, declared: element, required: true, maxOccurs: 1, place: element.node.place };
  const root = reader.element(use, { path: [], required: true, inHeader, types: [] }, example, true);
  return { root, leaves: reader.leaves, said: reader.said };
}

class TreeReader {
  readonly leaves: QuestionLeaf[] = [];
  readonly said: Said[] = [];
  readonly #shapes: ElementShapes;

  constructor(shapes: ElementShapes) {
    this.#shapes = shapes;
  }

  element(
    { name, declared, required: own, maxOccurs, place }: ElementUse,
    around: Around,
    example: readonly XmlNode[],
    isTop = false,
  ): QuestionNode {
    const required = around.required && own;
    const path = isTop ? [] : [...around.path, name.local];
    const description = descriptionOf(declared.node);
    const type = this.#shapes.typeOf(declared);
    const facts = { name: name.local, path, required, inHeader: around.inHeader, description, place };
    if (type === undefined || 'simple' in type) {
      const shape: Shape = type === undefined ? undescribed(declared, example) : type.simple;
      // What may hold anything may be empty.
      if (shape.kind === 'unknown') return this.#skipped(name, required, place, shape.why);
      return this.#leaf(name, { ...facts, shape: repeated(shape, maxOccurs), fixed: fixedOf(declared.node, shape) });
    }
    const { complex } = type;
    if (!this.#shapes.isConcrete(complex))
      return this.#leaf(name, { ...facts, shape: { kind: 'unknown', why: 'its type is abstract' }, fixed: undefined });
    if (around.types.includes(complex.node)) return this.#skipped(name, false, place, 'it contains itself');
    if (maxOccurs > 1 && !isTop)
      this.said.push({ place, message: `"${name.local}" may come more than once in a question, and is written once` });
    const inHeader = around.inHeader || (path.length === 1 && isHeader(name.local));
    const inside: Around = { path, required, inHeader, types: [...around.types, complex.node] };
    return { qname: name, required, children: this.#children(complex, inside, example, place) };
  }

  #children(complex: Component, inside: Around, example: readonly XmlNode[], place: string): readonly QuestionNode[] {
    const { attributes, elements, simple, open } = this.#shapes.content(complex);
    const shape = this.#shapes.shapeOfType(complex);
    const leafOf = (at: string): Shape | undefined =>
      shape.kind === 'object' ? shape.members.find((member) => member.at[0] === at)?.shape : undefined;
    const ownAttributes = attributes.map(({ name, node, required, place: at }): QuestionNode => {
      const facts = {
        name: name.local,
        path: [...inside.path, name.local],
        required: inside.required && required,
        inHeader: inside.inHeader,
        description: node && descriptionOf(node),
        place: at,
      };
      const attributeShape = leafOf(`@${name.local}`) ?? { kind: 'leaf', type: 'text' };
      return {
        ...this.#leaf(name, { ...facts, shape: attributeShape, fixed: node && fixedOf(node, attributeShape) }),
        isAttribute: true,
      };
    });
    const text = simple === undefined ? [] : [this.#text(leafOf('#text'), inside, place)];
    const below = elements.map((use) =>
      this.element(
        use,
        inside,
        example.flatMap(({ children }) => children.filter(({ local }) => local === use.name.local)),
      ),
    );
    const described = new Set(elements.map(({ name }) => name.local));
    return [...ownAttributes, ...text, ...below, ...(open ? this.#fromExample(example, described, inside) : [])];
  }

  #text(shape: Shape | undefined, inside: Around, place: string): QuestionNode {
    const name = inside.path.at(-1) ?? 'value';
    const leaf = this.#leaf(
      { uri: '', local: name },
      {
        ...{ name, path: inside.path, required: inside.required, inHeader: inside.inHeader, description: undefined },
        ...{ shape: shape ?? { kind: 'leaf', type: 'text' }, fixed: undefined, place },
      },
    );
    return { ...leaf, isText: true };
  }

  /** What `xs:any` holds in a question, as far as an example answer repeats it: values one below the other. */
  #fromExample(example: readonly XmlNode[], described: ReadonlySet<string>, inside: Around): readonly QuestionNode[] {
    const found = new Map<string, XmlNode>();
    for (const { children } of example)
      for (const child of children)
        if (!described.has(child.local) && !found.has(child.local)) found.set(child.local, child);
    return [...found.values()].flatMap((node): readonly QuestionNode[] => {
      const shape = shapeOfExample([node], node.local);
      const { local, uri, place } = node;
      if (shape.kind !== 'leaf')
        return [this.#skipped({ uri, local }, false, place, 'it is described by an example only')];
      const facts = { name: local, path: [...inside.path, local], required: false, inHeader: inside.inHeader, place };
      return [this.#leaf({ uri, local }, { ...facts, shape, fixed: undefined, description: undefined })];
    });
  }

  #leaf(qname: QName, leaf: QuestionLeaf): QuestionNode {
    if (this.leaves.length >= MAX_LEAVES && !leaf.required)
      return this.#skipped(qname, false, leaf.place, `the question has more than ${MAX_LEAVES} values`);
    this.leaves.push(leaf);
    return { qname, required: leaf.required, leaf, children: [] };
  }

  #skipped(qname: QName, required: boolean, place: string, why: string): QuestionNode {
    this.said.push({ place, message: `the element ${qname.local} is ${required ? 'sent empty' : 'not sent'}: ${why}` });
    return { qname, required, children: [] };
  }
}

function repeated(shape: Shape, maxOccurs: number): Shape {
  return maxOccurs > 1 && shape.kind === 'leaf' ? listOf(shape, maxOccurs) : shape;
}

function isHeader(name: string): boolean {
  return wordsOf(name).some((word) => HEADER.has(word));
}

function undescribed({ name }: Component, example: readonly XmlNode[]): Shape {
  const shape = example.length === 0 ? undefined : shapeOfExample(example, name.local);
  return shape?.kind === 'leaf' ? shape : { kind: 'unknown', why: 'the document does not say what is in it' };
}

function fixedOf(node: XmlNode, shape: Shape): string | undefined {
  const only = shape.kind === 'leaf' && shape.enum?.length === 1 ? shape.enum[0] : undefined;
  return attribute(node, 'fixed') ?? only;
}
