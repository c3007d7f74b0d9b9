import type { SaxesAttributeNS } from 'saxes';
import { SOAP, WSSE, WSU, XMLDSIG } from '../namespaces.js';
import { strictParser, XmlRefused, type XmlTag } from '../read-xml.js';

/**
 * Where the parts of a message are. The parser refuses anything that the signature's library might read differently.
 */
export interface EnvelopeOutline {
  /** `wsu:Id` of the Body that is the Envelope's own child. */
  readonly bodyId: string;
  /** `wsu:Id` of the Timestamp in the envelope's own Security header. */
  readonly timestampId: string;
  /** The only Signature, as it is in the message. */
  readonly signature: string;
}

const SIGNATURE = `${SOAP} Envelope/${SOAP} Header/${WSSE} Security/${XMLDSIG} Signature`;
const TIMESTAMP = `${SOAP} Envelope/${SOAP} Header/${WSSE} Security/${WSU} Timestamp`;
const BODY = `${SOAP} Envelope/${SOAP} Body`;

/**
 * Reads the outline of a message before its signature is verified. There must be one Body, one Timestamp and one
 * Signature, each in its place and nowhere else, and no Id may occur twice in any spelling. Throws {@link XmlRefused}.
 */
export function outlineEnvelope(message: string): EnvelopeOutline {
  const path: string[] = [];
  const ids = new Set<string>();
  const found = new Map<string, string>();
  const once = (what: string, value: string | undefined): void => {
    if (value === undefined || found.has(what)) throw new XmlRefused('signature_scope');
    found.set(what, value);
  };
  let signatureStart = -1;
  const { parser, parse } = strictParser({
    open: (tag) => {
      path.push(`${tag.uri} ${tag.local}`);
      for (const { value } of idsOf(tag)) {
        if (ids.has(value)) throw new XmlRefused('signature_scope');
        ids.add(value);
      }
      const place = path.join('/');
      if (place === BODY) once(BODY, securityId(tag));
      else if (place === TIMESTAMP) once(TIMESTAMP, securityId(tag));
      else if (isOf(tag, XMLDSIG, 'Signature')) {
        if (place !== SIGNATURE || signatureStart >= 0) throw new XmlRefused('signature_scope');
        signatureStart = message.lastIndexOf('<', parser.position - 2);
      } else if (isOf(tag, SOAP, 'Body') || isOf(tag, SOAP, 'Envelope') !== (path.length === 1))
        throw new XmlRefused('envelope_missing');
    },
    close: () => {
      if (path.join('/') === SIGNATURE) once(SIGNATURE, message.slice(signatureStart, parser.position));
      path.pop();
    },
  });
  parse(message);
  const [bodyId, timestampId, signature] = [BODY, TIMESTAMP, SIGNATURE].map((what) => found.get(what));
  if (bodyId === undefined) throw new XmlRefused('envelope_missing');
  if (signature === undefined) throw new XmlRefused('signature_missing');
  if (timestampId === undefined) throw new XmlRefused('timestamp_missing');
  return { bodyId, timestampId, signature };
}

function isOf(tag: XmlTag, uri: string, local: string): boolean {
  return tag.uri === uri && tag.local === local;
}

/** Attributes that the signature's library may take for an Id. */
function idsOf({ attributes }: XmlTag): readonly SaxesAttributeNS[] {
  return Object.values(attributes).filter(({ local }) => local.toLowerCase() === 'id');
}

function securityId(tag: XmlTag): string | undefined {
  const [id, ...more] = idsOf(tag);
  return id !== undefined && id.uri === WSU && more.length === 0 && /^[A-Za-z_][\w.-]*$/.test(id.value)
    ? id.value
    : undefined;
}
