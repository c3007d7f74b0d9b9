import type { RegisterDescription, Said, YamlObject, YamlValue } from '../description.js';
import type { DescriptionReader, ReadRequest, XroadService } from '../reader.js';
import { describeOperation, type DescribedOperation } from './describe-operation.js';
import { elementNames, type UsedElement } from './element-names.js';
import { ElementShapes } from './element-shapes.js';
import { payloadOfExample } from './example-shape.js';
import { isXRoad, operationsOf, type WsdlOperation, type WsdlServices } from './operations.js';
import { SchemaSet } from './schema-set.js';
import { parseXml, type XmlNode } from './xml-document.js';

/** Reads WSDL 1.1 with XML Schema 1.0: document/literal over SOAP 1.1 or 1.2, and headers of X-Road 4.0. */
export const wsdlReader: DescriptionReader = { kind: 'wsdl', read };

/** Stands for the parts of the provider's identifier, which no WSDL tells. */
const UNFILLED_SERVICE = { instance: 'INSTANCE', member_class: 'CLASS', member_code: 'CODE', subsystem: 'SUBSYSTEM' };

function read(request: ReadRequest): RegisterDescription {
  const schemas = new SchemaSet(request);
  const services = operationsOf(schemas);
  const shapes = new ElementShapes(schemas, request.depth);
  const chosen = services.operations.filter(({ name }) => request.operations.includes(name));
  const examples = new Map(
    [...request.examples].map(([name, file]) => [name, payloadOfExample(parseXml(file, file.file))]),
  );
  const used = (chosen.length > 0 ? chosen : services.operations).flatMap((one) => usedBy(one, examples));
  const names = elementNames(used, shapes);
  const described = services.operations.map((operation) =>
    describeOperation(operation, shapes, names, { ...request, example: examples.get(operation.name) }),
  );
  const written = described.filter(({ operation }) => request.operations.includes(operation.name));
  const onXRoad = (chosen.length > 0 ? chosen : services.operations).some(isXRoad);
  return {
    title: services.title,
    source: sourceOf(services, names.source, onXRoad ? serviceOf(request.xroad) : undefined, written),
    settings: settingsOf(services, onXRoad),
    operations: described.map(({ operation }) => operation),
    said: [...services.said, ...missingSaid(schemas), ...xroadSaid(onXRoad && request.xroad === undefined)],
  };
}

function serviceOf(service: XroadService | undefined): YamlObject {
  if (service === undefined) return UNFILLED_SERVICE;
  const { instance, memberClass, memberCode, subsystem } = service;
  return { instance, member_class: memberClass, member_code: memberCode, subsystem };
}

function usedBy(
  { input, output }: WsdlOperation,
  examples: ReadonlyMap<string, XmlNode | undefined>,
): readonly UsedElement[] {
  const all = [...examples.values()].flatMap((node) => node ?? []);
  return [input, output].flatMap((element) =>
    element === undefined
      ? []
      : [{ element, example: all.filter((node) => element === output && node.local === element.name.local) }],
  );
}

function sourceOf(
  { version }: WsdlServices,
  names: YamlObject,
  service: YamlObject | undefined,
  written: readonly DescribedOperation[],
): RegisterDescription['source'] {
  const constants: Record<string, YamlValue> = Object.assign({}, ...written.map((one) => one.constants));
  return {
    protocol: 'soap',
    profile: service === undefined ? 'plain' : 'xroad-4.0',
    soap: version,
    security: 'none',
    ...names,
    ...(service === undefined ? {} : { service }),
    ...(Object.keys(constants).length > 0 ? { constants } : {}),
  };
}

function settingsOf({ address }: WsdlServices, onXRoad: boolean): YamlObject {
  return {
    protocol: 'soap',
    url: address ?? 'https://',
    ...(onXRoad ? { client: 'INSTANCE/CLASS/CODE/SUBSYSTEM' } : {}),
  };
}

function missingSaid(schemas: SchemaSet): readonly Said[] {
  return schemas.missing().map(({ location, place }) => ({
    place,
    message: `${location} is not read, and something of it is missing: name its file with --import ${location}=FILE`,
  }));
}

function xroadSaid(onXRoad: boolean): readonly Said[] {
  return onXRoad
    ? [
        {
          place: '1',
          message: 'no WSDL tells which member of X-Road offers the services: write service in source.yaml',
        },
      ]
    : [];
}
