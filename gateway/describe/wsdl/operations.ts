import type { Said } from '../description.js';
import { DocumentFault } from '../reader.js';
import { WSDL, WSDL_MIME, WSDL_SOAP, WSDL_SOAP12, XROAD, XROAD_IDENTIFIERS } from './namespaces.js';
import type { Component, SchemaSet } from './schema-set.js';
import { attribute, childrenOf, keyOf, type QName, type XmlNode } from './xml-document.js';

/** An operation of a WSDL, as its binding to SOAP has it. */
export interface WsdlOperation {
  readonly name: string;
  readonly place: string;
  readonly title: string | undefined;
  /** What X-Road's `notes` say of it. */
  readonly notes: string | undefined;
  /** SOAPAction. Undefined if the binding gives none. */
  readonly action: string | undefined;
  readonly input: Component | undefined;
  readonly output: Component | undefined;
  /** Blocks of the header of a question. */
  readonly headers: readonly HeaderPart[];
  /** Version of the service, as X-Road writes it into the binding. */
  readonly serviceVersion: string | undefined;
  /** Why it cannot be asked, by its binding. */
  readonly refused: string | undefined;
}

export interface HeaderPart {
  readonly name: QName;
  /** Undefined where the schema of the block is missing. */
  readonly element: Component | undefined;
  readonly place: string;
}

export interface WsdlServices {
  readonly title: string | undefined;
  readonly version: '1.1' | '1.2';
  readonly address: string | undefined;
  readonly operations: readonly WsdlOperation[];
  readonly said: readonly Said[];
}

/** Returns the operations of the bindings to one version of SOAP: that of the first one. */
export function operationsOf(schemas: SchemaSet): WsdlServices {
  const parts = new WsdlParts(schemas);
  const bindings = parts.all('binding').flatMap((binding) => {
    const [soap] = childrenOf(binding, WSDL_SOAP, 'binding');
    const [soap12] = childrenOf(binding, WSDL_SOAP12, 'binding');
    const bound = soap ?? soap12;
    return bound === undefined ? [] : [{ binding, bound }];
  });
  const [first] = bindings;
  if (first === undefined) throw new DocumentFault('1', 'binds no operation to SOAP 1.1 or 1.2');
  const same = bindings.filter(({ bound }) => bound.uri === first.bound.uri);
  const operations = new Map<string, WsdlOperation>();
  for (const { binding, bound } of same)
    for (const operation of childrenOf(binding, WSDL, 'operation')) {
      const read = readOperation({ binding, bound, operation }, parts, schemas);
      if (!operations.has(read.name)) operations.set(read.name, read);
    }
  return {
    title: parts.all('service').flatMap((service) => attribute(service, 'name') ?? [])[0],
    version: first.bound.uri === WSDL_SOAP12 ? '1.2' : '1.1',
    address: parts.addressOf(first.bound.uri),
    operations: [...operations.values()],
    said: parts.said,
  };
}

/** Parts of all WSDL files, by kind and name. */
class WsdlParts {
  readonly said: Said[] = [];
  readonly #schemas: SchemaSet;
  readonly #told = new Set<string>();

  constructor(schemas: SchemaSet) {
    this.#schemas = schemas;
  }

  all(kind: 'binding' | 'portType' | 'message' | 'service'): readonly XmlNode[] {
    return this.#schemas.definitions.flatMap((root) => childrenOf(root, WSDL, kind));
  }

  /** Finds a part by its name, else by its name in other letters: published files mistake them. */
  named(kind: 'portType' | 'message', node: XmlNode, text: string): XmlNode | undefined {
    const { local } = node.named(text);
    const all = this.all(kind);
    const found = all.find((part) => attribute(part, 'name') === local);
    if (found !== undefined) return found;
    const near = all.find((part) => attribute(part, 'name')?.toLowerCase() === local.toLowerCase());
    const message =
      near === undefined
        ? `there is no ${kind} ${local}`
        : `there is no ${kind} ${local}: ${attribute(near, 'name') ?? ''} is taken`;
    if (!this.#told.has(message)) this.said.push({ place: node.place, message });
    this.#told.add(message);
    return near;
  }

  addressOf(binding: string): string | undefined {
    return this.all('service')
      .flatMap((service) => childrenOf(service, WSDL, 'port'))
      .flatMap((port) => childrenOf(port, binding, 'address'))
      .flatMap((address) => attribute(address, 'location') ?? [])[0];
  }
}

interface Bound {
  readonly binding: XmlNode;
  /** `soap:binding`. */
  readonly bound: XmlNode;
  readonly operation: XmlNode;
}

function readOperation({ binding, bound, operation }: Bound, parts: WsdlParts, schemas: SchemaSet): WsdlOperation {
  const name = attribute(operation, 'name') ?? '';
  const [soap] = childrenOf(operation, bound.uri, 'operation');
  const style = (soap && attribute(soap, 'style')) ?? attribute(bound, 'style') ?? 'document';
  const port = parts.named('portType', binding, attribute(binding, 'type') ?? '');
  const declared = port && childrenOf(port, WSDL, 'operation').find((one) => attribute(one, 'name') === name);
  const question = declared && message(declared, 'input', parts);
  const answer = declared && message(declared, 'output', parts);
  const [input, output] = ['input', 'output'].map((side) => childrenOf(operation, WSDL, side)[0]);
  const [documentation] = declared ? childrenOf(declared, WSDL, 'documentation') : [];
  const [version] = operation.children.filter(
    ({ uri, local }) => local === 'version' && (uri === XROAD || uri === XROAD_IDENTIFIERS),
  );
  const sides = [
    { side: input, of: question },
    { side: output, of: answer },
  ].map(({ side, of }) => bodyOf(side, of, bound.uri, schemas));
  return {
    name,
    place: (declared ?? operation).place,
    title: titleOf(documentation),
    notes: notesOf(documentation),
    action: soap && attribute(soap, 'soapAction'),
    input: sides[0]?.element,
    output: sides[1]?.element,
    headers: input === undefined ? [] : headersOf(input, bound.uri, parts, schemas),
    serviceVersion: version?.text.trim(),
    refused: refusalOf({ style, declared, answer, sides }),
  };
}

function refusalOf({
  style,
  declared,
  answer,
  sides,
}: {
  readonly style: string;
  readonly declared: XmlNode | undefined;
  readonly answer: XmlNode | undefined;
  readonly sides: readonly Side[];
}): string | undefined {
  if (declared === undefined) return 'no portType declares it';
  if (style !== 'document') return `its style is ${style}: only document/literal is read`;
  if (answer === undefined) return 'it answers nothing';
  return sides.map(({ refused }) => refused).find((refused) => refused !== undefined);
}

function message(declared: XmlNode, side: 'input' | 'output', parts: WsdlParts): XmlNode | undefined {
  const [node] = childrenOf(declared, WSDL, side);
  const name = node && attribute(node, 'message');
  return node === undefined || name === undefined ? undefined : parts.named('message', node, name);
}

interface Side {
  readonly element: Component | undefined;
  readonly refused?: string | undefined;
}

/** The element in the Body: that of the one part that is not in the header. */
function bodyOf(side: XmlNode | undefined, of: XmlNode | undefined, binding: string, schemas: SchemaSet): Side {
  if (side !== undefined && childrenOf(side, WSDL_MIME, 'multipartRelated').length > 0)
    return { element: undefined, refused: 'its message has attachments (MIME), which are not read' };
  const [body] = side === undefined ? [] : childrenOf(side, binding, 'body');
  if (body !== undefined && attribute(body, 'use') === 'encoded')
    return { element: undefined, refused: 'its use is encoded: only document/literal is read' };
  const named = (body && attribute(body, 'parts'))?.split(/\s+/).filter((part) => part !== '');
  const inHeader = side === undefined ? [] : childrenOf(side, binding, 'header').map((part) => attribute(part, 'part'));
  const all = of === undefined ? [] : childrenOf(of, WSDL, 'part');
  const own = all.filter((part) => {
    const name = attribute(part, 'name') ?? '';
    return named === undefined ? all.length === 1 || !inHeader.includes(name) : named.includes(name);
  });
  const [part, ...more] = own;
  if (more.length > 0)
    return { element: undefined, refused: 'its body has several parts: only document/literal is read' };
  if (part === undefined) return { element: undefined };
  const element = attribute(part, 'element');
  if (element === undefined) return { element: undefined, refused: 'a part of its message has a type and no element' };
  const name = part.named(element);
  const found = schemas.find('element', name);
  if (found === undefined)
    return { element: undefined, refused: `the element ${name.local} is not described: its schema is missing` };
  return { element: found };
}

function headersOf(input: XmlNode, binding: string, parts: WsdlParts, schemas: SchemaSet): readonly HeaderPart[] {
  return childrenOf(input, binding, 'header').flatMap((header) => {
    const of = parts.named('message', header, attribute(header, 'message') ?? '');
    const part = of && childrenOf(of, WSDL, 'part').find((one) => attribute(one, 'name') === attribute(header, 'part'));
    const element = part && attribute(part, 'element');
    if (part === undefined || element === undefined) return [];
    const name = part.named(element);
    // X-Road’s own blocks are written by the adapter.
    const block = name.uri === XROAD ? undefined : schemas.find('element', name);
    return [{ name, element: block, place: header.place }];
  });
}

/** Whether the headers are those of X-Road's message protocol. */
export function isXRoad({ headers }: WsdlOperation): boolean {
  const names = new Set(headers.map(({ name }) => keyOf(name)));
  return ['client', 'service'].every((local) => names.has(keyOf({ uri: XROAD, local })));
}

function notesOf(documentation: XmlNode | undefined): string | undefined {
  return documentation?.children.find(({ uri, local }) => uri === XROAD && local === 'notes')?.text.trim();
}

function titleOf(documentation: XmlNode | undefined): string | undefined {
  if (documentation === undefined) return undefined;
  const [title] = documentation.children.filter(({ uri, local }) => uri === XROAD && local === 'title');
  const text = (title?.text ?? documentation.text).replace(/\s+/g, ' ').trim();
  return text === '' ? undefined : text.slice(0, 500);
}
