import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OperationDescription, RegisterDescription } from '../../../../gateway/describe/description.js';
import type { DocumentFile, ReadRequest } from '../../../../gateway/describe/reader.js';
import { wsdlReader } from '../../../../gateway/describe/wsdl/reader.js';
import { packageRoot } from '../../../../gateway/state/package-root.js';

const VENDOR = join(packageRoot(), 'tests', 'conformance', 'vendor', 'wsdl');

/** A document in memory. */
export function fileOf(text: string, file = 'register.wsdl'): DocumentFile {
  return { file, bytes: Buffer.from(text) };
}

export interface Choices extends Partial<Omit<ReadRequest, 'document' | 'referenced' | 'examples'>> {
  /** Files that may be referenced, by location. */
  readonly files?: Readonly<Record<string, string>>;
  /** Example answers by operation. */
  readonly examples?: Readonly<Record<string, string>>;
}

/** Reads a WSDL from a text. */
export async function described(
  text: string,
  { files = {}, examples = {}, ...choices }: Choices = {},
): Promise<RegisterDescription> {
  return wsdlReader.read({
    document: fileOf(text),
    referenced: (location) => (files[location] === undefined ? undefined : fileOf(files[location], location)),
    operations: [],
    personal: new Set(),
    constants: new Map(),
    reading: new Set(),
    depth: 2,
    ...choices,
    examples: new Map(Object.entries(examples).map(([name, example]) => [name, fileOf(example, 'example.xml')])),
  });
}

/** Reads a published WSDL, with the files beside it. */
export async function vendorDescribed(
  folder: string,
  file: string,
  choices: Choices = {},
): Promise<RegisterDescription> {
  const beside = (location: string): DocumentFile | undefined => {
    const path = join(VENDOR, folder, location);
    return !location.includes(':') && existsSync(path) ? { file: location, bytes: readFileSync(path) } : undefined;
  };
  const { examples = {}, ...others } = choices;
  return wsdlReader.read({
    document: { file, bytes: readFileSync(join(VENDOR, folder, file)) },
    referenced: beside,
    operations: [],
    personal: new Set(),
    constants: new Map(),
    reading: new Set(),
    depth: 2,
    ...others,
    examples: new Map(Object.entries(examples).map(([name, example]) => [name, fileOf(example, 'example.xml')])),
  });
}

export function vendorText(folder: string, file: string): string {
  return readFileSync(join(VENDOR, folder, file), 'utf8');
}

/** The operation of this name. */
export function operationIn({ operations }: RegisterDescription, name: string): OperationDescription {
  const found = operations.find((operation) => operation.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

export interface WsdlParts {
  /** Content of the schema. It declares `ask` and `answer`. */
  readonly schema: string;
  readonly form?: string;
  /** In the binding: of the operation, its input and its output. */
  readonly operation?: string;
  readonly input?: string;
  readonly output?: string;
  readonly name?: string;
  readonly binding?: string;
  readonly messages?: string;
}

/** A WSDL with one operation, which asks with the element `ask` and answers with `answer`. */
export function wsdl({
  schema,
  form = 'elementFormDefault="qualified"',
  operation = '<s:operation soapAction="urn:do"/>',
  input = '<s:body use="literal"/>',
  output = '<s:body use="literal"/>',
  name = 'find',
  binding = 'style="document"',
  messages = '',
}: WsdlParts): string {
  return `<?xml version="1.0"?>
<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:t="urn:t" xmlns:x="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t">
<w:types><x:schema targetNamespace="urn:t" ${form}>${schema}</x:schema></w:types>
<w:message name="In"><w:part name="p" element="t:ask"/></w:message>
<w:message name="Out"><w:part name="p" element="t:answer"/></w:message>${messages}
<w:portType name="P"><w:operation name="${name}"><w:input message="t:In"/><w:output message="t:Out"/></w:operation></w:portType>
<w:binding name="B" type="t:P"><s:binding ${binding}/><w:operation name="${name}">${operation}<w:input>${input}</w:input><w:output>${output}</w:output></w:operation></w:binding>
<w:service name="Register"><w:port name="Q" binding="t:B"><s:address location="https://register.example/soap"/></w:port></w:service>
</w:definitions>`;
}
