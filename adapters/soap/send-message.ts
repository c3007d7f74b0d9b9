import type { SoapSource } from './source.js';
import { CALL_ID } from '../call-id.js';
import { escapeXml } from './escape.js';
import { SHEP_TYPES, SOAP } from './namespaces.js';

export interface Sender {
  readonly id: string;
  readonly password: string;
}

export interface Question {
  readonly messageId: string;
  readonly at: Date;
  readonly sender: Sender;
  /** Id of the call, for its property. Absent if the mapping says `call_id: none`. */
  readonly callId?: string | undefined;
  readonly keys: readonly string[];
}

/**
 * Returns SHEP's `SendMessage` (synchronous channel) with the request for these keys as its data: a SOAP 1.1 envelope
 * without a header. The id of the call is a property of the request, in the body that is signed.
 */
export function sendMessage(
  { service_id: serviceId, namespace, request }: SoapSource,
  { messageId, at, sender, callId, keys }: Question,
): string {
  const info = [
    element('messageId', messageId),
    element('serviceId', serviceId),
    element('messageDate', at.toISOString()),
    `<sender>${element('senderId', sender.id)}${element('password', sender.password)}</sender>`,
    callId === undefined ? '' : `<properties>${element('key', CALL_ID)}${element('value', callId)}</properties>`,
  ].join('');
  const asked = keys.map((key) => element(`q:${request.key}`, key)).join('');
  const data = `<q:${request.element} xmlns:q="${escapeXml(namespace)}">${asked}</q:${request.element}>`;
  const message = `<typ:SendMessage xmlns:typ="${SHEP_TYPES}"><request><requestInfo>${info}</requestInfo><requestData><data>${data}</data></requestData></request></typ:SendMessage>`;
  return `<soap:Envelope xmlns:soap="${SOAP}"><soap:Body>${message}</soap:Body></soap:Envelope>`;
}

function element(name: string, text: string): string {
  return `<${name}>${escapeXml(text)}</${name}>`;
}
