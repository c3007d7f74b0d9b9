import { escapeXml } from '../../soap/xml/escape.js';
import { readXml, type ElementReader } from '../../soap/xml/read-xml.js';
import { errorType, MetadataFailure, type Parts, type XroadServiceEntry } from './description.js';
import { idOf } from './rest-metadata.js';

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const XROAD = 'http://x-road.eu/xsd/xroad.xsd';
const IDENTIFIERS = 'http://x-road.eu/xsd/identifiers';

const PART_NAMES = ['xRoadInstance', 'memberClass', 'memberCode', 'subsystemCode', 'serviceCode', 'serviceVersion'];

export interface MetadataQuestion {
  readonly client: Parts;
  /** Subsystem that offers the services. */
  readonly provider: Parts;
  readonly service: 'listMethods' | 'allowedMethods' | 'getWsdl';
  readonly id: string;
  /** For `getWsdl`: service code and, if it has one, version. */
  readonly of?: Parts | undefined;
}

/** Returns the message that asks a metaservice (PR-META sections 3 and 4, annex C). */
export function metadataEnvelope({ client, provider, service, id, of = [] }: MetadataQuestion): string {
  const body = of.map((part, place) => element('xrd', place === 0 ? 'serviceCode' : 'serviceVersion', part)).join('');
  return `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="${SOAP}" xmlns:xrd="${XROAD}" xmlns:id="${IDENTIFIERS}"><soap:Header><xrd:client id:objectType="${client.length === 3 ? 'MEMBER' : 'SUBSYSTEM'}">${partsOf(client, 3)}</xrd:client><xrd:service id:objectType="SERVICE">${partsOf(provider, 3)}${element('id', 'serviceCode', service)}</xrd:service>${element('xrd', 'id', id)}${element('xrd', 'protocolVersion', '4.0')}</soap:Header><soap:Body><xrd:${service}>${body}</xrd:${service}></soap:Body></soap:Envelope>`;
}

function partsOf(parts: Parts, last: number): string {
  return parts
    .slice(0, last + 1)
    .map((part, place) => element('id', PART_NAMES[place] ?? '', part))
    .join('');
}

function element(prefix: string, name: string, text: string): string {
  return `<${prefix}:${name}>${escapeXml(text)}</${prefix}:${name}>`;
}

/** Reads the list of SOAP services. Throws {@link MetadataFailure} for a fault, or anything else that is no list. */
export function readSoapServices(xml: string, service: MetadataQuestion['service']): readonly XroadServiceEntry[] {
  const found: Parts[] = [];
  let isAnswer = false;
  const body: ElementReader = {
    child: ({ uri, local }) => {
      if (uri !== XROAD || local !== `${service}Response`) return undefined;
      isAnswer = true;
      return listOf('service', found);
    },
  };
  readAnswer(xml, body);
  if (!isAnswer) throw new MetadataFailure('the security server sent no list of services');
  return found.map((parts) => ({ id: idOf(parts), type: 'SOAP', endpoints: [] }));
}

/** Checks that an answer of `getWsdl` is none of an error. Throws {@link MetadataFailure}. */
export function checkWsdlAnswer(xml: string): void {
  let isAnswer = false;
  readAnswer(xml, {
    child: ({ uri, local }) => {
      isAnswer ||= uri === XROAD && local === 'getWsdlResponse';
      return undefined;
    },
  });
  if (!isAnswer) throw new MetadataFailure('the security server sent no WSDL');
}

/** Reads `listClients` as XML (PR-META, annex A), which security servers before 6.22 send. */
export function readXmlClients(xml: string): readonly { readonly id: string; readonly name?: string }[] {
  const clients: { id: string; name?: string }[] = [];
  const members: ElementReader = {
    child: ({ local }) => {
      if (local !== 'member') return undefined;
      const parts: string[] = [];
      let name: string | undefined;
      return {
        child: ({ local: inner }) => {
          if (inner === 'id') return identifierInto(parts);
          if (inner !== 'name' && inner !== 'subsystemName') return undefined;
          return { leaf: (text) => void (name = text ?? name) };
        },
        end: () => void clients.push({ id: idOf(parts), ...(name === undefined ? {} : { name }) }),
      };
    },
  };
  read(xml, { child: ({ uri, local }) => (uri === XROAD && local === 'clientList' ? members : undefined) });
  return clients;
}

function readAnswer(xml: string, body: ElementReader): void {
  let fault: string | undefined;
  const withFault: ElementReader = {
    child: (tag) => {
      if (tag.uri !== SOAP || tag.local !== 'Fault') return body.child?.(tag);
      fault ??= '';
      return { child: ({ local }) => (local === 'faultcode' ? { leaf: (text) => void (fault = text) } : undefined) };
    },
  };
  const envelope: ElementReader = {
    child: ({ uri, local }) => (uri === SOAP && local === 'Body' ? withFault : undefined),
  };
  read(xml, { child: ({ uri, local }) => (uri === SOAP && local === 'Envelope' ? envelope : undefined) });
  if (fault !== undefined) throw new MetadataFailure('the security server refused', errorType(fault));
}

function listOf(name: string, found: Parts[]): ElementReader {
  return {
    child: ({ uri, local }) => {
      if (uri !== XROAD || local !== name) return undefined;
      const parts: string[] = [];
      found.push(parts);
      return identifierInto(parts);
    },
  };
}

/** Puts the parts of an identifier at their places. */
function identifierInto(parts: string[]): ElementReader {
  return {
    child: ({ uri, local }) => {
      const place = PART_NAMES.indexOf(local);
      return uri === IDENTIFIERS && place >= 0 ? { leaf: (text) => void (parts[place] = text ?? '') } : undefined;
    },
  };
}

function read(xml: string, root: ElementReader): void {
  try {
    readXml(xml, root);
  } catch (error) {
    if (error instanceof MetadataFailure) throw error;
    throw new MetadataFailure('the security server sent XML that is not taken');
  }
}
