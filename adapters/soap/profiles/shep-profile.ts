import { CALL_ID } from '../../call-id.js';
import { AnswerRefused } from '../answer-refused.js';
import { escapeXml } from '../xml/escape.js';
import type { FullSource, ShepSource } from '../source/full-form.js';
import { SHEP_TYPES } from '../xml/namespaces.js';
import { dataElement } from './plain-profile.js';
import type { Asked, DataReader, QuestionFacts, SoapProfile, SurroundingsReader } from './profile.js';
import { childElements, type ElementReader } from '../xml/read-xml.js';
import { compileTemplate } from '../template/compile-template.js';
import { compileText } from '../template/compile-text.js';
import { embedder } from '../template/embed-xml.js';

/** How the bus knows this gateway. */
export interface Sender {
  readonly id: string;
  readonly password: string;
}

/**
 * SHEP, synchronous channel v10: `SendMessage` with what is asked as its data. The id of the call is a property of the
 * request, in the body that is signed. Elements below `SendMessage` have no namespace.
 */
export function shepProfile(
  { names, data }: Pick<FullSource, 'names' | 'data'>,
  shep: ShepSource,
  sender: Sender,
): SoapProfile {
  const info = infoWriter(shep, sender);
  const embed = data === 'elements' ? (xml: string) => xml : embedder(data);
  return {
    callIds: 'in_message',
    compile: (_name, { request }) => {
      const header = compileTemplate(request.header ?? {}, names);
      const body = compileTemplate(request.body, names);
      return (facts) => {
        const first = info(facts);
        const asked = `<data${body.attributes(facts.values)}>${embed(body.write(facts.values))}</data>`;
        return {
          header: header.write(facts.values),
          body: `<typ:SendMessage xmlns:typ="${SHEP_TYPES}"><request><requestInfo>${first}</requestInfo><requestData>${asked}</requestData></request></typ:SendMessage>`,
        };
      };
    },
    read: (asked, reader) => shepReader(asked, reader, shep, data !== 'elements'),
  };
}

function infoWriter(
  { serviceId, routeId, properties, sessionId }: ShepSource,
  { id, password }: Sender,
): (facts: QuestionFacts) => string {
  const service = element('serviceId', serviceId);
  const sender = `<sender>${element('senderId', id)}${element('password', password)}</sender>`;
  const route = routeId === undefined ? '' : element('routeId', routeId);
  const own = Object.entries(properties).map(([key, text]) => ({ key, write: compileText(text) }));
  const session = sessionId === undefined ? undefined : compileText(sessionId);
  return ({ messageId, callId, now, values }) => {
    const call = callId === undefined ? '' : property(CALL_ID, callId);
    const others = own.map(({ key, write }) => property(key, write(values) ?? '')).join('');
    const sessionText = session?.(values);
    return [
      element('messageId', messageId),
      service,
      element('messageDate', now),
      route,
      sender,
      others,
      call,
      sessionText === undefined ? '' : element('sessionId', sessionText),
    ].join('');
  };
}

function element(name: string, text: string): string {
  return `<${name}>${escapeXml(text)}</${name}>`;
}

function property(key: string, value: string): string {
  return `<properties>${element('key', key)}${element('value', value)}</properties>`;
}

function shepReader(
  { facts }: Asked,
  data: DataReader,
  { success, notFound }: ShepSource,
  isText: boolean,
): SurroundingsReader {
  const texts = new Map<string, string>();
  const once = (name: string): ElementReader => ({
    leaf: (text) => {
      if (text === undefined || texts.has(name)) throw new AnswerRefused('soap_unexpected');
      texts.set(name, text);
    },
  });
  const info = childElements({
    ' messageId': once('messageId'),
    ' correlationId': once('correlationId'),
    ' responseDate': once('responseDate'),
    ' status': childElements({ ' code': once('code') }),
  });
  const response = childElements({
    ' responseInfo': info,
    ' responseData': childElements({ ' data': dataElement(data, isText) }),
  });
  // Registers differ in what they call the part.
  const body = childElements({
    [`${SHEP_TYPES} SendMessageResponse`]: childElements({ ' response': response, ' return': response }),
  });
  return {
    body,
    finish: () => {
      const [messageId, correlationId, code] = ['messageId', 'correlationId', 'code'].map((name) => texts.get(name));
      if (messageId === undefined || correlationId === undefined || code === undefined)
        throw new AnswerRefused('soap_unexpected');
      if (correlationId !== facts.messageId) throw new AnswerRefused('correlation_mismatch');
      const says = success.includes(code) ? 'answered' : notFound.includes(code) ? 'absent' : 'declined';
      return { messageId, date: texts.get('responseDate'), says };
    },
  };
}
