import { isIin } from '../../../schemas/identifiers/iin.js';
import type { Person } from '../../country/model.js';
import { json, parseObject, type HttpAnswer, type HttpQuestion, type HttpRegister } from '../http-register.js';
import type { Meter } from '../meter.js';
import { carries } from '../secret.js';
import { personRecord, type PersonRecord } from './record.js';

const MAX_BATCH = 500;

/** The population register: REST and JSON, single and batch; numbers go in the body. */
export function populationRegister(persons: readonly Person[], apiKey: string, meter: Meter): HttpRegister {
  const records = new Map(persons.map((person) => [person.iin, personRecord(person)]));
  return (question) => {
    if (!carries(question.headers['x-api-key'], apiKey)) return refusal(401, 'UNAUTHORIZED');
    if (question.method !== 'POST') return refusal(405, 'METHOD_NOT_ALLOWED');
    switch (question.path) {
      case '/api/v1/persons/read':
        return readOne(records, meter, question);
      case '/api/v1/persons/batch':
        return readBatch(records, meter, question);
      default:
        return refusal(404, 'NO_SUCH_RESOURCE');
    }
  };
}

function readOne(records: ReadonlyMap<string, PersonRecord>, meter: Meter, { body }: HttpQuestion): HttpAnswer {
  const iin = parseObject(body)?.['iin'];
  meter.count('read', typeof iin === 'string' ? [iin] : []);
  if (typeof iin !== 'string' || !isIin(iin)) return refusal(400, 'INVALID_IIN');
  const record = records.get(iin);
  return record === undefined ? refusal(404, 'NOT_FOUND') : json(200, record);
}

function readBatch(records: ReadonlyMap<string, PersonRecord>, meter: Meter, { body }: HttpQuestion): HttpAnswer {
  const iins = parseObject(body)?.['iins'];
  const numbers = Array.isArray(iins) ? iins.filter((iin): iin is string => typeof iin === 'string') : [];
  meter.count('batch', numbers);
  if (!Array.isArray(iins) || numbers.length !== iins.length) return refusal(400, 'INVALID_BATCH');
  if (numbers.length > MAX_BATCH) return refusal(413, 'BATCH_TOO_LARGE');
  return json(200, { items: numbers.map((iin) => records.get(iin) ?? null) });
}

function refusal(status: number, code: string): HttpAnswer {
  return json(status, { error: { code } });
}
