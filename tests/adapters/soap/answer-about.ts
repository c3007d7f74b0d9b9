import { randomUUID } from 'node:crypto';
import { SOURCE } from './population.js';

/** The unsigned answer of the population register to a question, with records of these people and of no one else. */
export function answerAbout(asked: string, iins: readonly string[]): string {
  const question = /<messageId>(.*?)<\/messageId>/.exec(asked)?.[1] ?? '';
  const info = `<messageId>${randomUUID()}</messageId><correlationId>${question}</correlationId><status><code>${SOURCE.status?.success ?? ''}</code></status>`;
  const people = iins.map((iin) => `<p:person><p:iin>${iin}</p:iin></p:person>`).join('');
  const data = `<p:personsResponse xmlns:p="${SOURCE.namespace}">${people}</p:personsResponse>`;
  return `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><x:SendMessageResponse xmlns:x="http://bip.bee.kz/SyncChannel/v10/Types"><response><responseInfo>${info}</responseInfo><responseData><data>${data}</data></responseData></response></x:SendMessageResponse></s:Body></s:Envelope>`;
}
