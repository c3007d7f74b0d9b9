import { SOAP, SOAP_12 } from './xml/namespaces.js';
import type { QuestionParts } from './profiles/profile.js';

/** Returns the envelope of a message: without a Header if no block is in it. */
export function writeEnvelope({ header, body }: QuestionParts, version: '1.1' | '1.2'): string {
  const namespace = version === '1.2' ? SOAP_12 : SOAP;
  const blocks = header === '' ? '' : `<soap:Header>${header}</soap:Header>`;
  return `<soap:Envelope xmlns:soap="${namespace}">${blocks}<soap:Body>${body}</soap:Body></soap:Envelope>`;
}
