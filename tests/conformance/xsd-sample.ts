import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseXml, type XmlNode } from '../../gateway/describe/wsdl/xml-document.js';

const XSD = 'http://www.w3.org/2001/XMLSchema';

interface Declared {
  readonly node: XmlNode;
  readonly namespace: string;
  readonly qualified: boolean;
}

/**
 * Makes answers from the schemas of a WSDL, with every element, as a server that knows nothing of Tereze would. Of a
 * choice it takes the first, and an element of a list comes twice.
 */
export class XsdSamples {
  /** Names of elements that were left out, because another one of a choice came in their place. */
  readonly left = new Set<string>();
  readonly #declared = new Map<string, Declared>();
  readonly #read = new Set<string>();

  constructor(file: string) {
    this.#load(file);
  }

  /** Returns the XML of a global element, with `values` for elements of these names. */
  sample(name: string, values: Readonly<Record<string, string>> = {}): string {
    const found = [...this.#declared].find(([key]) => key.startsWith('element ') && key.endsWith(` ${name}`));
    if (found === undefined) throw new Error(`there is no element ${name}`);
    return this.#element(found[1], true, values, []);
  }

  #load(file: string): void {
    if (this.#read.has(file)) return;
    this.#read.add(file);
    const root = parseXml({ file, bytes: readFileSync(file) });
    const visit = (node: XmlNode): void => {
      if (node.uri === XSD && node.local === 'schema') this.#schema(node, file);
      else node.children.forEach(visit);
    };
    visit(root);
  }

  #schema(schema: XmlNode, file: string): void {
    const namespace = schema.attributes.get('targetNamespace') ?? '';
    const qualified = schema.attributes.get('elementFormDefault') === 'qualified';
    for (const node of schema.children) {
      const location = node.attributes.get('schemaLocation');
      if (location !== undefined && !location.includes(':')) this.#load(join(dirname(file), location));
      const kind = node.local.endsWith('Type') ? 'type' : node.local;
      this.#declared.set(`${kind} ${namespace} ${node.attributes.get('name')}`, { node, namespace, qualified });
    }
  }

  #named(kind: string, at: XmlNode, text: string): Declared | undefined {
    const { uri, local } = at.named(text);
    return this.#declared.get(`${kind} ${uri} ${local}`);
  }

  #element(
    { node, namespace, qualified }: Declared,
    isGlobal: boolean,
    values: Readonly<Record<string, string>>,
    around: readonly XmlNode[],
  ): string {
    const name = node.attributes.get('name') ?? '';
    const isQualified = isGlobal || (node.attributes.get('form') ?? (qualified ? 'qualified' : '')) === 'qualified';
    const tag = isQualified ? `n:${name}` : name;
    const type = node.attributes.get('type');
    const inline = node.children.find(({ local }) => local === 'complexType' || local === 'simpleType');
    const of =
      inline === undefined
        ? type === undefined
          ? undefined
          : this.#named('type', node, type)
        : { node: inline, namespace, qualified };
    if (of !== undefined && around.filter((one) => one === of.node).length > 0) return '';
    const content =
      of === undefined
        ? leaf(type === undefined ? '' : node.named(type).local, values[name])
        : of.node.local === 'simpleType'
          ? this.#simple(of, values[name])
          : this.#content(of, values, [...around, of.node]);
    return `<${tag}${isQualified ? ` xmlns:n="${namespace}"` : ''}>${content}</${tag}>`;
  }

  #content(of: Declared, values: Readonly<Record<string, string>>, around: readonly XmlNode[]): string {
    const base = of.node.attributes.get('base');
    const parent =
      base === undefined || of.node.local === 'restriction' ? undefined : this.#named('type', of.node, base);
    const inherited = parent === undefined ? '' : this.#content(parent, values, around);
    const [first, ...others] = of.node.children.filter(({ local }) => local !== 'annotation');
    const isChoice = of.node.local === 'choice' && first !== undefined;
    const children = isChoice ? [first] : of.node.children;
    if (isChoice) for (const other of others) this.#leave(other);
    return inherited + children.map((node) => this.#particle({ ...of, node }, values, around)).join('');
  }

  #leave(node: XmlNode): void {
    const name = node.attributes.get('name') ?? node.attributes.get('ref')?.replace(/^.*:/, '');
    if (name !== undefined) this.left.add(name);
    else node.children.forEach((child) => this.#leave(child));
  }

  #particle(of: Declared, values: Readonly<Record<string, string>>, around: readonly XmlNode[]): string {
    const { node } = of;
    if (node.local !== 'element')
      return ['sequence', 'choice', 'all', 'complexContent', 'extension', 'group'].includes(node.local)
        ? this.#content(of, values, around)
        : '';
    const ref = node.attributes.get('ref');
    const target = ref === undefined ? of : this.#named('element', node, ref);
    if (target === undefined) return '';
    const one = this.#element(target, ref !== undefined, values, around);
    return node.attributes.get('maxOccurs') === 'unbounded' ? one + one : one;
  }

  #simple({ node }: Declared, value: string | undefined): string {
    const [restriction] = node.children.filter(({ local }) => local === 'restriction');
    if (value !== undefined || restriction === undefined) return value ?? 'text';
    const [code] = restriction.children.filter(({ local }) => local === 'enumeration');
    if (code !== undefined) return code.attributes.get('value') ?? '';
    const base = restriction.attributes.get('base') ?? '';
    const inner = this.#named('type', restriction, base);
    return inner === undefined ? leaf(restriction.named(base).local) : this.#simple(inner, undefined);
  }
}

function leaf(type: string, value?: string): string {
  if (value !== undefined) return value;
  if (type === 'date') return '2001-02-03+05:00';
  if (type === 'dateTime') return '2026-03-01T11:00:00+01:00';
  if (type === 'boolean') return '1';
  return /int|long|decimal|short/i.test(type) ? '7' : 'text';
}
