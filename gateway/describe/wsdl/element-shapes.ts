import type { LeafShape, ListShape, MemberShape, ObjectShape, Said, Shape, UnknownShape } from '../description.js';
import { contentOf, type AttributeUse, type Content, type ElementUse } from './content.js';
import { membersOfExample, shapeOfExample } from './example-shape.js';
import { XSD } from './namespaces.js';
import type { Component, SchemaSet } from './schema-set.js';
import { restricted, simpleShape, simpleTypeShape } from './simple-type.js';
import { attribute, childrenOf, type QName, type XmlNode } from './xml-document.js';

/** Name of the text of an element that has attributes. */
const TEXT = '#text';

/** Members of an answer at most: a description that leads to more is not one that a person could review. */
const MAX_MEMBERS = 20_000;

/** A type that an element has: by its name, or written in it. */
export type ElementType = { readonly complex: Component } | { readonly simple: Shape } | undefined;

/** Makes shapes of elements. What is cut or not described is named. */
export class ElementShapes {
  readonly said: Said[] = [];
  readonly #schemas: SchemaSet;
  readonly #depth: number;
  readonly #contents = new Map<XmlNode, Content>();
  readonly #known = new Map<XmlNode, ObjectShape>();
  readonly #around: XmlNode[] = [];
  readonly #choices = new Map<ObjectShape, Content['choices']>();
  #cuts = 0;
  #members = 0;

  constructor(schemas: SchemaSet, depth: number) {
    this.#schemas = schemas;
    this.#depth = depth;
  }

  content(type: Component): Content {
    const known = this.#contents.get(type.node) ?? contentOf(this.#schemas, type);
    this.#contents.set(type.node, known);
    return known;
  }

  /** The type itself, or those derived from it if it is abstract: an element of it is of one of them (part 1, 2.6.1). */
  concrete(type: Component): readonly Component[] {
    return this.isConcrete(type)
      ? [type]
      : this.#schemas.derivedFrom(type.name).filter((derived) => this.isConcrete(derived));
  }

  isConcrete({ node }: Component): boolean {
    return attribute(node, 'abstract') !== 'true';
  }

  /** Returns the shape of a type, as an element of it has. */
  shapeOfType(type: Component): Shape {
    return this.#object(type, type.name.local, []);
  }

  /** Returns names of members of which one comes in place of the others. */
  choicesOf(shape: ObjectShape): Content['choices'] {
    return this.#choices.get(shape) ?? [];
  }

  /** Returns the type of an element: its own, or that of the element whose place it takes. */
  typeOf({ node, schema }: Component, steps = 0): ElementType {
    const named = attribute(node, 'type');
    if (named !== undefined) return this.#namedType(node.named(named));
    const [inline] = childrenOf(node, XSD, 'complexType', 'simpleType');
    if (inline?.local === 'simpleType') return { simple: simpleShape(this.#schemas, inline) };
    if (inline !== undefined)
      return { complex: { name: { uri: '', local: attribute(node, 'name') ?? '' }, node: inline, schema } };
    const head = attribute(node, 'substitutionGroup');
    const declared = head === undefined ? undefined : this.#schemas.find('element', node.named(head));
    return declared !== undefined && steps < 20 ? this.typeOf(declared, steps + 1) : undefined;
  }

  #namedType(name: QName): ElementType {
    if (name.uri === XSD && name.local === 'anyType') return undefined;
    const simple = simpleTypeShape(this.#schemas, name);
    if (simple !== undefined) return { simple };
    const complex = this.#schemas.find('complexType', name);
    return complex && { complex };
  }

  /** Returns the shape of an element. `example`: the same elements in an example answer, for what is not described. */
  shapeOf(element: Component, example: readonly XmlNode[] = []): Shape {
    const type = this.typeOf(element);
    const name = attribute(element.node, 'name') ?? element.name.local;
    if (type === undefined) return this.#undescribed(element, name, example);
    if ('simple' in type) return type.simple;
    return this.#object(type.complex, name, example);
  }

  #undescribed({ node }: Component, name: string, example: readonly XmlNode[]): Shape {
    if (example.length > 0) return shapeOfExample(example, name);
    const type = attribute(node, 'type');
    return unknown(
      type === undefined || node.named(type).uri === XSD
        ? 'the document does not say what is in it'
        : `its type ${type} is not described: the schema is missing`,
    );
  }

  #object(type: Component, name: string, example: readonly XmlNode[]): Shape {
    const known = this.#known.get(type.node);
    if (known !== undefined && example.length === 0) return known;
    if (this.#around.filter((one) => one === type.node).length >= this.#depth) {
      this.#cuts += 1;
      return unknown(`it contains itself: --depth writes it more often than ${this.#depth}`);
    }
    const earlier = this.#cuts;
    this.#around.push(type.node);
    const shape = this.#variants(type, name, example);
    this.#around.pop();
    // Where recursion was cut, it is so only in this place.
    if (shape.kind === 'object' && example.length === 0 && earlier === this.#cuts) this.#known.set(type.node, shape);
    return shape;
  }

  #variants(type: Component, name: string, example: readonly XmlNode[]): Shape {
    if (this.isConcrete(type)) return this.#plain(type, name, example);
    const variants = this.concrete(type).flatMap((one) => {
      const shape = this.#plain(one, one.name.local, example);
      return shape.kind === 'object' ? [{ value: one.name.local, shape }] : [];
    });
    if (variants.length === 0) return unknown('its type is abstract, and no other is derived from it');
    return { kind: 'choice', name: type.name.local, discriminator: ['@xsi:type'], variants };
  }

  #plain(type: Component, name: string, example: readonly XmlNode[]): ObjectShape | UnknownShape {
    const content = this.content(type);
    const attributes = content.attributes.map((use) => this.#attributeMember(use));
    const text = content.simple === undefined ? [] : [this.#textMember(content.simple)];
    const elements = content.elements.map((use) => this.#elementMember(use, example));
    const described = new Set(content.elements.map((use) => use.name.local));
    const more = content.open ? membersOfExample(example, described) : [];
    const members = [...attributes, ...text, ...elements, ...more];
    this.#members += members.length;
    if (this.#members > MAX_MEMBERS) return unknown(`the description has more than ${MAX_MEMBERS} members`);
    const shape: ObjectShape = {
      kind: 'object',
      name: type.name.uri === '' ? name : type.name.local,
      description: descriptionOf(type.node),
      members,
      open: content.open && more.length === 0,
    };
    this.#choices.set(shape, content.choices);
    return shape;
  }

  #elementMember({ name, declared, required, maxOccurs, place }: ElementUse, around: readonly XmlNode[]): MemberShape {
    const example = around.flatMap(({ children }) => children.filter(({ local }) => local === name.local));
    const shape = this.shapeOf(declared, example);
    return {
      name: name.local,
      at: [name.local],
      shape: maxOccurs > 1 ? listOf(shape, maxOccurs) : shape,
      description: descriptionOf(declared.node),
      required,
      nullable: attribute(declared.node, 'nillable') === 'true',
      place,
    };
  }

  #attributeMember({ name, node, required, place }: AttributeUse): MemberShape {
    return {
      name: name.local,
      at: [`@${name.local}`],
      shape: node === undefined ? { kind: 'leaf', type: 'text' } : this.#attributeShape(node),
      description: node && descriptionOf(node),
      required,
      nullable: false,
      place,
    };
  }

  #attributeShape(node: XmlNode): Shape {
    const named = attribute(node, 'type');
    const [inline] = childrenOf(node, XSD, 'simpleType');
    const shape =
      named === undefined
        ? inline && simpleShape(this.#schemas, inline)
        : simpleTypeShape(this.#schemas, node.named(named));
    return shape ?? { kind: 'leaf', type: 'text' };
  }

  #textMember(derivation: XmlNode): MemberShape {
    const shape = this.#textShape(derivation, 0);
    return { name: 'value', at: [TEXT], shape, required: true, nullable: false, place: derivation.place };
  }

  #textShape(derivation: XmlNode, steps: number): Shape {
    const base = derivation.named(attribute(derivation, 'base') ?? '');
    const simple = simpleTypeShape(this.#schemas, base);
    if (simple !== undefined)
      return derivation.local === 'restriction' ? restricted(this.#schemas, derivation) : simple;
    const complex = this.#schemas.find('complexType', base);
    const inner = complex && this.content(complex).simple;
    const text: LeafShape = { kind: 'leaf', type: 'text' };
    return inner === undefined || steps > 20 ? text : this.#textShape(inner, steps + 1);
  }
}

/** A list, with its bound if it has one. */
export function listOf(of: Shape, maxOccurs: number): ListShape {
  return { kind: 'list', of, ...(maxOccurs === Infinity ? {} : { maxItems: maxOccurs }) };
}

/** What the document says of a part, in one line. */
export function descriptionOf(node: XmlNode): string | undefined {
  const [annotation] = childrenOf(node, XSD, 'annotation');
  if (annotation === undefined) return undefined;
  const documentation = childrenOf(annotation, XSD, 'documentation').map(textWithin).join(' ');
  const titles = childrenOf(annotation, XSD, 'appinfo').flatMap(({ children }) =>
    children.filter(({ local }) => local === 'title'),
  );
  const text = (documentation.trim() === '' ? (titles[0]?.text ?? '') : documentation).replace(/\s+/g, ' ').trim();
  return text === '' ? undefined : text.slice(0, 500);
}

function textWithin(node: XmlNode): string {
  return node.content.map((one) => (typeof one === 'string' ? one : textWithin(one))).join(' ');
}

function unknown(why: string): UnknownShape {
  return { kind: 'unknown', why };
}
