import { XML, XSD } from './namespaces.js';
import type { Component, SchemaFacts, SchemaSet } from './schema-set.js';
import { attribute, childrenOf, keyOf, type QName, type XmlNode } from './xml-document.js';

/** An element in the content of another. */
export interface ElementUse {
  /** Without a namespace where the schema leaves it unqualified. */
  readonly name: QName;
  /** What declares it: the referenced element, or the local one. */
  readonly declared: Component;
  readonly required: boolean;
  readonly maxOccurs: number;
  readonly place: string;
}

export interface AttributeUse {
  readonly name: QName;
  readonly node: XmlNode | undefined;
  readonly required: boolean;
  readonly place: string;
}

/** What an element of a complex type holds. */
export interface Content {
  readonly elements: readonly ElementUse[];
  readonly attributes: readonly AttributeUse[];
  /** `xs:simpleContent`: the element that derives its text. */
  readonly simple: XmlNode | undefined;
  /** Whether elements or attributes may come that are not described. */
  readonly open: boolean;
  /** Elements that are referred to and not described. */
  readonly references: readonly QName[];
  /** Names of elements of which one comes in place of the others. */
  readonly choices: readonly (readonly string[])[];
}

/** Groups and types in each other that are followed. */
const MAX_STEPS = 60;

interface Around {
  readonly required: boolean;
  readonly maxOccurs: number;
}

/** Returns the content of a complex type: with that of the types it extends, groups, and elements in place of others. */
export function contentOf(schemas: SchemaSet, type: Component): Content {
  const reader = new ContentReader(schemas);
  reader.type(type, 0);
  return reader.content();
}

class ContentReader {
  readonly #schemas: SchemaSet;
  readonly #elements = new Map<string, ElementUse>();
  readonly #attributes = new Map<string, AttributeUse>();
  readonly #choices: string[][] = [];
  readonly #references: QName[] = [];
  #simple: XmlNode | undefined;
  #open = false;

  constructor(schemas: SchemaSet) {
    this.#schemas = schemas;
  }

  content(): Content {
    return {
      elements: [...this.#elements.values()],
      attributes: [...this.#attributes.values()],
      simple: this.#simple,
      open: this.#open,
      references: this.#references,
      choices: this.#choices,
    };
  }

  type({ node, schema }: Component, steps: number): void {
    if (steps > MAX_STEPS) return;
    if (attribute(node, 'mixed') === 'true') this.#open = true;
    for (const content of childrenOf(node, XSD, 'complexContent', 'simpleContent'))
      for (const derivation of childrenOf(content, XSD, 'extension', 'restriction')) {
        const base = attribute(derivation, 'base');
        const found = base === undefined ? undefined : this.#schemas.find('complexType', derivation.named(base));
        if (content.local === 'simpleContent') this.#simple ??= derivation;
        // A restriction of a complex content says again all that it keeps.
        if (found?.node.local === 'complexType' && (derivation.local === 'extension' || this.#simple))
          this.type(found, steps + 1);
        this.#particles(derivation, schema, { required: true, maxOccurs: 1 }, steps);
      }
    this.#particles(node, schema, { required: true, maxOccurs: 1 }, steps);
  }

  #particles(node: XmlNode, schema: SchemaFacts, around: Around, steps: number): readonly string[] {
    return node.children.flatMap((child) => (child.uri === XSD ? this.#particle(child, schema, around, steps) : []));
  }

  /** Returns the names of the elements that the particle may be. */
  #particle(node: XmlNode, schema: SchemaFacts, around: Around, steps: number): readonly string[] {
    const inside = within(node, around);
    switch (node.local) {
      case 'sequence':
      case 'all':
        return this.#particles(node, schema, inside, steps);
      case 'choice': {
        const names = this.#particles(node, schema, { ...inside, required: false }, steps);
        this.#choices.push([...names]);
        return names;
      }
      case 'group':
        return this.#group(node, inside, steps);
      case 'element':
        return this.#element(node, schema, inside);
      case 'attribute':
        this.#attribute(node, schema);
        return [];
      case 'attributeGroup':
        this.#attributeGroup(node, steps);
        return [];
      case 'any':
      case 'anyAttribute':
        this.#open = true;
        return [];
      default:
        return [];
    }
  }

  #group(node: XmlNode, around: Around, steps: number): readonly string[] {
    const ref = attribute(node, 'ref');
    const group = ref === undefined ? undefined : this.#schemas.find('group', node.named(ref));
    return group === undefined || steps > MAX_STEPS ? [] : this.#particles(group.node, group.schema, around, steps + 1);
  }

  #attributeGroup(node: XmlNode, steps: number): void {
    const ref = attribute(node, 'ref');
    const group = ref === undefined ? undefined : this.#schemas.find('attributeGroup', node.named(ref));
    if (group !== undefined && steps <= MAX_STEPS)
      this.#particles(group.node, group.schema, { required: true, maxOccurs: 1 }, steps + 1);
  }

  #element(node: XmlNode, schema: SchemaFacts, { required, maxOccurs }: Around): readonly string[] {
    const ref = attribute(node, 'ref');
    if (maxOccurs === 0) return [];
    if (ref === undefined) {
      const local = attribute(node, 'name') ?? '';
      if (local === '') return [];
      const form = attribute(node, 'form') ?? (schema.qualifiesElements ? 'qualified' : 'unqualified');
      const name = { uri: form === 'qualified' ? schema.namespace : '', local };
      this.#put({ name, declared: { name, node, schema }, required, maxOccurs, place: node.place });
      return [local];
    }
    const target = node.named(ref);
    const declared = this.#schemas.find('element', target);
    const others = this.#schemas.substitutesOf(target);
    // An abstract element never comes itself (part 1, section 3.3.6).
    const isAbstract = declared !== undefined && attribute(declared.node, 'abstract') === 'true';
    const all = [...(declared === undefined || isAbstract ? [] : [declared]), ...others];
    for (const one of all)
      this.#put({
        name: one.name,
        declared: one,
        required: required && all.length === 1,
        maxOccurs,
        place: node.place,
      });
    if (declared === undefined) {
      this.#open = true;
      this.#references.push(target);
    }
    return all.map(({ name }) => name.local);
  }

  /** An element in several places of the content may come more than once. */
  #put(use: ElementUse): void {
    const key = keyOf(use.name);
    const there = this.#elements.get(key);
    const both = there && {
      ...there,
      required: there.required || use.required,
      maxOccurs: there.required && use.required ? Infinity : Math.max(there.maxOccurs, use.maxOccurs),
    };
    this.#elements.set(key, both ?? use);
  }

  #attribute(node: XmlNode, schema: SchemaFacts): void {
    const ref = attribute(node, 'ref');
    const target = ref === undefined ? undefined : node.named(ref);
    const found = target && this.#schemas.find('attribute', target);
    const isQualified = (attribute(node, 'form') ?? '') === 'qualified' || schema.qualifiesAttributes;
    const own = { uri: isQualified ? schema.namespace : '', local: attribute(node, 'name') ?? '' };
    const name = target ?? own;
    if (name.local === '') return;
    if (attribute(node, 'use') === 'prohibited') this.#attributes.delete(keyOf(name));
    else
      this.#attributes.set(keyOf(name), {
        name,
        // Those of XML itself are known without their schema.
        node: target === undefined ? node : name.uri === XML ? undefined : found?.node,
        required: attribute(node, 'use') === 'required',
        place: node.place,
      });
  }
}

function within(node: XmlNode, { required, maxOccurs }: Around): Around {
  const [least, most] = [attribute(node, 'minOccurs') ?? '1', attribute(node, 'maxOccurs') ?? '1'];
  const own = most === 'unbounded' ? Infinity : Number(most);
  return {
    required: required && least !== '0',
    maxOccurs: own === 0 || maxOccurs === 0 ? 0 : Math.max(own, maxOccurs),
  };
}
