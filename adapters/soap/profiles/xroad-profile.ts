import { createHash } from 'node:crypto';
import { AnswerRefused } from '../answer-refused.js';
import { escapeXml } from '../xml/escape.js';
import type { FullSource } from '../source/full-form.js';
import { XROAD, XROAD_IDENTIFIERS } from '../xml/namespaces.js';
import type { SoapOperation } from '../source/operations-source.js';
import { plainProfile } from './plain-profile.js';
import type { Asked, QuestionFacts, SoapProfile, SurroundingsReader, DataReader } from './profile.js';
import type { ElementReader } from '../xml/read-xml.js';
import type { XmlTag } from '../xml/tag.js';

/** Version of the message protocol (PR-MESS, section 2.4). */
const VERSION = '4.0';
const XROAD_REPRESENTATION = 'http://x-road.eu/xsd/representation.xsd';
const SHA512 = 'http://www.w3.org/2001/04/xmlenc#sha512';
/** Prefix of `userId`: the country of the officer's id (ISO 3166-1). */
const COUNTRY = 'KZ';

const CLIENT_PARTS = ['xRoadInstance', 'memberClass', 'memberCode', 'subsystemCode'] as const;
const SERVICE_PARTS = [...CLIENT_PARTS, 'serviceCode', 'serviceVersion'] as const;

/** Parts of an identifier, by the names of its elements. */
type Identifier = Readonly<Record<string, string>>;

/**
 * X-Road Message Protocol 4.0 (PR-MESS): header blocks say who asks which service. An answer must repeat them and hold the
 * hash of our message, by which the security servers prove that it answers that message. `client`: our identifier,
 * `instance/member class/member code[/subsystem]`.
 */
export function xroadProfile(
  source: Pick<FullSource, 'names' | 'service' | 'operations'>,
  client: readonly string[],
): SoapProfile {
  const plain = plainProfile(source);
  const us = identifier(CLIENT_PARTS, client);
  const services = new Map(
    Object.entries(source.operations).map(([name, operation]) => [name, serviceOf(name, operation, source)]),
  );
  const serviceNamed = (name: string): Identifier => services.get(name) ?? {};
  return {
    callIds: 'as_message_id',
    compile: (name, operation) => {
      const write = plain.compile(name, operation);
      const fixed = block('service', 'SERVICE', serviceNamed(name)) + block('client', kindOf(us), us);
      return (facts) => {
        const { header, body } = write(facts);
        const own = `${fieldsOf(facts).map(written).join('')}${fixed}${representedParty(facts)}`;
        return { header: own + header, body };
      };
    },
    read: (asked, data) => xroadReader(asked, data, us, serviceNamed(asked.operation)),
    faultReason: (codes) =>
      codes.some((code) => /\.AccessDenied$/.test(code))
        ? 'access_refused'
        : codes.some((code) => /^(Client|Server)\./.test(code))
          ? 'xroad_error'
          : 'soap_fault',
  };
}

function serviceOf(
  name: string,
  { service_code: code = name, service_version: version }: SoapOperation,
  { service }: Pick<FullSource, 'service'>,
): Identifier {
  const { instance = '', member_class: memberClass = '', member_code: memberCode = '', subsystem } = service ?? {};
  return identifier(SERVICE_PARTS, [instance, memberClass, memberCode, subsystem, code, version]);
}

function identifier(names: readonly string[], parts: readonly (string | undefined)[]): Identifier {
  return Object.fromEntries(
    names.flatMap((name, at) => {
      const part = parts[at];
      return part === undefined ? [] : [[name, part]];
    }),
  );
}

function kindOf(parts: Identifier): string {
  return parts['subsystemCode'] === undefined ? 'MEMBER' : 'SUBSYSTEM';
}

/** The simple fields of the header, in the order in which they are sent. */
function fieldsOf({
  messageId,
  onBehalfOf,
}: Pick<QuestionFacts, 'messageId' | 'onBehalfOf'>): readonly (readonly [name: string, text: string])[] {
  const { officer, case: matter } = onBehalfOf ?? {};
  return [
    ['protocolVersion', VERSION],
    ['id', messageId],
    ...(officer === undefined ? [] : [['userId', `${COUNTRY}${officer}`] as const]),
    ...(matter === undefined ? [] : [['issue', matter.number] as const]),
  ];
}

function written([name, text]: readonly [string, string]): string {
  return `<xrd:${name} xmlns:xrd="${XROAD}">${escapeXml(text)}</xrd:${name}>`;
}

function block(name: string, kind: string, parts: Identifier): string {
  const inner = Object.entries(parts).map(([part, text]) => `<iden:${part}>${escapeXml(text)}</iden:${part}>`);
  return `<xrd:${name} xmlns:xrd="${XROAD}" xmlns:iden="${XROAD_IDENTIFIERS}" iden:objectType="${kind}">${inner.join('')}</xrd:${name}>`;
}

/** PR-THIRDPARTY, section 2. */
function representedParty({ onBehalfOf }: Pick<QuestionFacts, 'onBehalfOf'>): string {
  const { represented } = onBehalfOf ?? {};
  if (represented === undefined) return '';
  const { memberClass, memberCode } = represented;
  const part = (name: string, text: string): string => `<repr:${name}>${escapeXml(text)}</repr:${name}>`;
  const memberClassPart = memberClass === undefined ? '' : part('partyClass', memberClass);
  return `<repr:representedParty xmlns:repr="${XROAD_REPRESENTATION}">${memberClassPart}${part('partyCode', memberCode)}</repr:representedParty>`;
}

function xroadReader(
  { facts, request }: Asked,
  { elements }: DataReader,
  client: Identifier,
  service: Identifier,
): SurroundingsReader {
  const texts = new Map<string, string>();
  const identifiers = new Map<string, Map<string, string>>();
  const header: ElementReader = {
    child: ({ uri, local, attributes }) => {
      if (uri !== XROAD) return undefined;
      if (local === 'client' || local === 'service') {
        if (identifiers.has(local)) throw new AnswerRefused('xroad_header');
        const parts = new Map<string, string>();
        identifiers.set(local, parts);
        return identifierReader(parts);
      }
      if (local === 'requestHash' && algorithmOf(attributes) !== SHA512) throw new AnswerRefused('hash_mismatch');
      return { leaf: (text) => putOnce(texts, local, text) };
    },
  };
  return {
    header,
    body: elements,
    finish: () => {
      const expected = fieldsOf(facts);
      const repeats =
        expected.every(([name, text]) => texts.get(name) === text) &&
        ['userId', 'issue'].every(
          (name) => (texts.get(name) ?? '') === '' || expected.some(([field]) => field === name),
        ) &&
        isSame(identifiers.get('client'), client) &&
        isSame(identifiers.get('service'), service);
      if (!repeats) throw new AnswerRefused('xroad_header');
      if (texts.get('requestHash') !== hashOf(request)) throw new AnswerRefused('hash_mismatch');
      return { says: 'answered' };
    },
  };
}

function algorithmOf(attributes: XmlTag['attributes']): string {
  return attributes.find(({ local }) => local === 'algorithmId')?.value ?? '';
}

function identifierReader(parts: Map<string, string>): ElementReader {
  return {
    child: ({ uri, local }) =>
      uri === XROAD_IDENTIFIERS ? { leaf: (text) => putOnce(parts, local, text) } : undefined,
  };
}

function putOnce(into: Map<string, string>, name: string, text: string | undefined): void {
  if (text === undefined || into.has(name)) throw new AnswerRefused('xroad_header');
  into.set(name, text.trim());
}

function isSame(parts: ReadonlyMap<string, string> | undefined, expected: Identifier): boolean {
  const names = Object.keys(expected);
  return (
    parts !== undefined && parts.size === names.length && names.every((name) => parts.get(name) === expected[name])
  );
}

/** Hash of the SOAP message that was sent (PR-MESS, section 2.5): base64 of its SHA-512. */
function hashOf(request: string): string {
  return createHash('sha512').update(request, 'utf8').digest('base64');
}
