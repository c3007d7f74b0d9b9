import { randomUUID, type KeyObject } from 'node:crypto';
import { isIin } from '../../../schemas/identifiers/iin.js';
import type { Clock } from '../../../schemas/ports/clock.js';
import { SHEP_TYPES, SOAP } from '../../../adapters/soap/xml/namespaces.js';
import { escapeXml } from '../../../adapters/soap/xml/escape.js';
import { ReplayGuard } from '../../../adapters/soap/signing/replay-guard.js';
import { createSigner } from '../../../adapters/soap/signing/signer.js';
import { createVerifier } from '../../../adapters/soap/signing/verifier.js';
import type { Person } from '../../country/model.js';
import type { HttpAnswer, HttpRegister } from '../http-register.js';
import type { Meter } from '../meter.js';
import { carries } from '../secret.js';
import { absentXml, personXml } from './person-xml.js';
import { NAMESPACE, readQuestion, type PersonsQuestion } from './question.js';

/** Name by which the register knows the gateway. */
export const POPULATION_SENDER = 'tereze-demo';

/** With what the gateway may ask, and with what the register signs. */
export interface PopulationAccess {
  readonly password: string;
  /** Of the gateway. */
  readonly callerKey: KeyObject;
  readonly registerKey: KeyObject;
  readonly clock: Pick<Clock, 'now'>;
}

const SERVICE = 'GBDFL_PERSONS';
const MAX_BATCH = 50;
const MAX_REMEMBERED = 100_000;
const XML = 'text/xml; charset=utf-8';

/** Status of an answer: code and what SHEP says with it. */
type Status = readonly [code: string, message: string];
const FOUND: Status = ['SCSS001', 'Message has been processed successfully'];
const NOT_FOUND: Status = ['404', 'Data not found'];
const UNKNOWN_SENDER: Status = ['SCSE001', 'Sender is not authorized'];
const WRONG_QUESTION: Status = ['SCSE002', 'Request is not valid'];
const PLAYED_AGAIN: Status = ['SCSE003', 'Message has already been processed'];

/** The population register: SOAP 1.1, SHEP's `SendMessage`, signed both ways; many persons in one message, whole records for every caller. */
export function populationRegister(persons: readonly Person[], access: PopulationAccess, meter: Meter): HttpRegister {
  const people = new Map(persons.map((person) => [person.iin, person]));
  const verifier = createVerifier({ trust: access.callerKey, clock: access.clock });
  const signer = createSigner({ key: access.registerKey, clock: access.clock });
  const replay = new ReplayGuard(MAX_REMEMBERED);

  const respond = async (question: PersonsQuestion, status: Status, data = ''): Promise<HttpAnswer> => ({
    status: 200,
    body: await signer.sign(response(question, access.clock.now(), status, data)),
    contentType: XML,
  });

  return async ({ method, path, body }) => {
    if (method !== 'POST' || path !== '/shep/sync')
      return { status: 404, body: '', contentType: 'text/plain; charset=utf-8' };
    const signed = await verifier.verify(body).catch(() => undefined);
    if (signed?.expiresAt === undefined) return fault('The signature or decryption was invalid');
    const question = readQuestion(signed.xml);
    if (question.senderId !== POPULATION_SENDER || !carries(question.password, access.password))
      return respond(question, UNKNOWN_SENDER);
    meter.count('SendMessage', question.iins);
    if (!replay.take(question.messageId, signed.expiresAt, access.clock.now().getTime()))
      return respond(question, PLAYED_AGAIN);
    if (!isValid(question)) return respond(question, WRONG_QUESTION);
    return answer(question);
  };

  function answer(question: PersonsQuestion): Promise<HttpAnswer> {
    const found = question.iins.flatMap((iin) => people.get(iin) ?? []);
    if (found.length === 0) return respond(question, NOT_FOUND);
    const absent = question.iins.filter((iin) => !people.has(iin));
    return respond(
      question,
      FOUND,
      `<gbd:personsResponse xmlns:gbd="${NAMESPACE}">${found.map(personXml).join('')}${absent.map(absentXml).join('')}</gbd:personsResponse>`,
    );
  }
}

function isValid({ serviceId, messageId, iins }: PersonsQuestion): boolean {
  return (
    serviceId === SERVICE &&
    messageId !== '' &&
    iins.length > 0 &&
    iins.length <= MAX_BATCH &&
    iins.every((iin) => isIin(iin)) &&
    new Set(iins).size === iins.length
  );
}

/** The response's prefixes are others than a question's: they mean nothing. */
function response({ messageId }: PersonsQuestion, now: Date, [code, message]: Status, data: string): string {
  const info = `<messageId>${randomUUID()}</messageId><correlationId>${escapeXml(messageId)}</correlationId><responseDate>${now.toISOString()}</responseDate><status><code>${code}</code><message>${message}</message></status>`;
  const body = `<SendMessageResponse xmlns="${SHEP_TYPES}"><response xmlns=""><responseInfo>${info}</responseInfo><responseData><data xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${data}</data></responseData></response></SendMessageResponse>`;
  return `<env:Envelope xmlns:env="${SOAP}"><env:Body>${body}</env:Body></env:Envelope>`;
}

/** SOAP 1.1 section 6.2: a fault comes with 500. */
function fault(text: string): HttpAnswer {
  return {
    status: 500,
    contentType: XML,
    body: `<env:Envelope xmlns:env="${SOAP}"><env:Body><env:Fault><faultcode>env:Client</faultcode><faultstring>${text}</faultstring></env:Fault></env:Body></env:Envelope>`,
  };
}
