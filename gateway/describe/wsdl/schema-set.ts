import { DocumentFault, type ReadRequest } from '../reader.js';
import { WSDL, XML, XSD } from './namespaces.js';
import { attribute, childrenOf, keyOf, parseXml, type QName, type XmlNode } from './xml-document.js';

/** Files of one description. */
const MAX_FILES = 200;

/** What a schema says of all in it. */
export interface SchemaFacts {
  readonly namespace: string;
  /** Whether local elements and attributes are in that namespace. */
  readonly qualifiesElements: boolean;
  readonly qualifiesAttributes: boolean;
}

/** A part of a schema that has a name of its own. */
export interface Component {
  readonly name: QName;
  readonly node: XmlNode;
  readonly schema: SchemaFacts;
}

const KINDS = ['element', 'complexType', 'simpleType', 'group', 'attributeGroup', 'attribute'] as const;
type Kind = (typeof KINDS)[number];

/** A schema or part of a WSDL that was named and not found. */
export interface MissingFile {
  readonly location: string;
  /** What it would describe. Undefined if it is a part of the document itself. */
  readonly namespace: string | undefined;
  readonly place: string;
}

/**
 * The schemas of a description, and the parts of its WSDL. Files are those of `--import` and those beside the document;
 * nothing is fetched.
 */
export class SchemaSet {
  readonly definitions: XmlNode[] = [];
  readonly #referenced: ReadRequest['referenced'];
  readonly #missing: MissingFile[] = [];
  /** Namespaces in which something was looked for and not found. */
  readonly #lacking = new Set<string>();
  readonly #files = new Map<string, XmlNode | undefined>();
  readonly #included = new Set<string>();
  /** Namespaces that schemas without one have taken. */
  readonly #chameleons = new Set<string>();
  readonly #components = new Map<string, Component>();
  readonly #substitutes = new Map<string, Component[]>();
  readonly #derived = new Map<string, Component[]>();

  constructor({ document, referenced }: Pick<ReadRequest, 'document' | 'referenced'>) {
    this.#referenced = referenced;
    this.#readAny(parseXml(document), '');
  }

  /** Returns the component of a kind by its name. Names of types are one space (XML Schema, part 1, section 2.5). */
  find(kind: Kind, name: QName): Component | undefined {
    const found = this.#components.get(`${spaceOf(kind)} ${keyOf(name)}`);
    if (found === undefined) this.#lacking.add(name.uri);
    if (found !== undefined || name.uri !== '') return found;
    // A schema without a namespace takes that of the schemas that include it, for its references too.
    const namespaces = [...this.#chameleons];
    return namespaces
      .map((uri) => this.#components.get(`${spaceOf(kind)} ${keyOf({ ...name, uri })}`))
      .find((component) => component !== undefined);
  }

  /** Files that were named and not found, as far as anything of them was looked for. */
  missing(): readonly MissingFile[] {
    return this.#missing.filter(({ namespace }) => namespace === undefined || this.#lacking.has(namespace));
  }

  /** Elements that may come in place of this one, and those in place of them. */
  substitutesOf(name: QName): readonly Component[] {
    return closure(this.#substitutes, name);
  }

  /** Types that are derived from this one, directly or not. */
  derivedFrom(name: QName): readonly Component[] {
    return closure(this.#derived, name);
  }

  #readAny(root: XmlNode, location: string): void {
    if (root.uri === WSDL && root.local === 'definitions') this.#readDefinitions(root, location);
    else if (root.uri === XSD && root.local === 'schema') this.#readSchema(root, location, undefined);
    else throw new DocumentFault(root.place, 'is neither a WSDL 1.1 nor an XML Schema');
  }

  #readDefinitions(root: XmlNode, location: string): void {
    this.definitions.push(root);
    for (const types of childrenOf(root, WSDL, 'types'))
      for (const schema of childrenOf(types, XSD, 'schema')) this.#readSchema(schema, location, undefined);
    for (const imported of childrenOf(root, WSDL, 'import')) {
      const file = this.#open(imported, location, 'location');
      if (file !== undefined) this.#readAny(file.root, file.location);
    }
  }

  /** `namespace`: that of the schema that includes this one, which is its own if it has none (part 1, section 4.2.1). */
  #readSchema(node: XmlNode, location: string, namespace: string | undefined): void {
    const own = attribute(node, 'targetNamespace');
    const schema: SchemaFacts = {
      namespace: own ?? namespace ?? '',
      qualifiesElements: attribute(node, 'elementFormDefault') === 'qualified',
      qualifiesAttributes: attribute(node, 'attributeFormDefault') === 'qualified',
    };
    if (own === undefined && namespace !== undefined) this.#chameleons.add(namespace);
    for (const child of childrenOf(node, XSD, 'include', 'redefine'))
      this.#readOther(child, location, schema.namespace);
    for (const child of childrenOf(node, XSD, 'import')) this.#readOther(child, location, undefined);
    for (const redefined of childrenOf(node, XSD, 'redefine'))
      for (const component of redefined.children) this.#add(component, schema);
    for (const component of node.children) this.#add(component, schema);
  }

  #readOther(node: XmlNode, location: string, namespace: string | undefined): void {
    const file = this.#open(node, location, 'schemaLocation');
    const once = `${file?.location ?? ''} ${namespace ?? ''}`;
    if (file === undefined || this.#included.has(once)) return;
    this.#included.add(once);
    this.#readSchema(file.root, file.location, namespace);
  }

  #add(node: XmlNode, schema: SchemaFacts): void {
    const kind = KINDS.find((one) => node.uri === XSD && node.local === one);
    const local = attribute(node, 'name');
    if (kind === undefined || local === undefined) return;
    const component = { name: { uri: schema.namespace, local }, node, schema };
    this.#components.set(`${spaceOf(kind)} ${keyOf(component.name)}`, component);
    const head = attribute(node, 'substitutionGroup');
    if (kind === 'element' && head !== undefined) push(this.#substitutes, node.named(head), component);
    const base = kind === 'complexType' ? baseOf(node) : undefined;
    if (base !== undefined) push(this.#derived, base, component);
  }

  #open(
    node: XmlNode,
    around: string,
    name: 'location' | 'schemaLocation',
  ): { readonly root: XmlNode; readonly location: string } | undefined {
    const written = attribute(node, name);
    // What XML itself has is known without its schema.
    if (written === undefined || attribute(node, 'namespace') === XML) return undefined;
    const location = joined(around, written);
    if (!this.#files.has(location)) {
      const file = this.#referenced(location) ?? this.#referenced(written) ?? this.#referenced(lastPart(written));
      if (this.#files.size >= MAX_FILES) throw new DocumentFault(node.place, `there are more than ${MAX_FILES} files`);
      if (file === undefined)
        this.#missing.push({ location: written, namespace: attribute(node, 'namespace'), place: node.place });
      this.#files.set(location, file && parseXml(file, file.file));
    }
    const root = this.#files.get(location);
    return root && { root, location };
  }
}

function spaceOf(kind: Kind): string {
  return kind === 'simpleType' || kind === 'complexType' ? 'type' : kind;
}

/** The type that a complex type extends or restricts. */
function baseOf(node: XmlNode): QName | undefined {
  for (const content of childrenOf(node, XSD, 'complexContent', 'simpleContent'))
    for (const derivation of childrenOf(content, XSD, 'extension', 'restriction')) {
      const base = attribute(derivation, 'base');
      if (base !== undefined) return derivation.named(base);
    }
  return undefined;
}

function push(into: Map<string, Component[]>, name: QName, component: Component): void {
  const key = keyOf(name);
  into.set(key, [...(into.get(key) ?? []), component]);
}

function closure(below: ReadonlyMap<string, readonly Component[]>, name: QName): readonly Component[] {
  const found = new Set<Component>();
  const visit = (key: string): void => {
    for (const component of below.get(key) ?? []) {
      if (found.has(component)) continue;
      found.add(component);
      visit(keyOf(component.name));
    }
  };
  visit(keyOf(name));
  return [...found];
}

function joined(around: string, location: string): string {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(location) || around === '') return location;
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(around)) return new URL(location, around).href;
  return decodeURIComponent(new URL(location, `file:///${around}`).pathname.slice(1));
}

/** The name of the file that an address ends in: published schemas often lie beside the document. */
function lastPart(location: string): string {
  return location.split(/[?#]/, 1)[0]?.split('/').at(-1) ?? '';
}
