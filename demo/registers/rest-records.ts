import { isIin } from '../../schemas/identifiers/iin.js';
import { json, parseObject, type HttpAnswer, type HttpQuestion, type HttpRegister } from './http-register.js';
import type { Meter } from './meter.js';
import { carries } from './secret.js';

export interface RestRecordsOptions<Row> {
  /** `/api/v1/persons`: below it are `/read` and `/batch`. */
  readonly path: string;
  /** By number. */
  readonly records: ReadonlyMap<string, Row>;
  /** Without it every caller that gets this far may ask. */
  readonly apiKey?: string;
  readonly maxBatch: number;
}

/** A register that gives whole records over REST and JSON, one by one and in batches; numbers go in the body. */
export function restRecords<Row>(
  { path, records, apiKey, maxBatch }: RestRecordsOptions<Row>,
  meter: Meter,
): HttpRegister {
  return (question) => {
    if (apiKey !== undefined && !carries(question.headers['x-api-key'], apiKey)) return refusal(401, 'UNAUTHORIZED');
    if (question.method !== 'POST') return refusal(405, 'METHOD_NOT_ALLOWED');
    if (question.path === `${path}/read`) return readOne(records, meter, question);
    if (question.path === `${path}/batch`) return readBatch(records, maxBatch, meter, question);
    return refusal(404, 'NO_SUCH_RESOURCE');
  };
}

function readOne(records: ReadonlyMap<string, unknown>, meter: Meter, { body }: HttpQuestion): HttpAnswer {
  const iin = parseObject(body)?.['iin'];
  meter.count('read', typeof iin === 'string' ? [iin] : []);
  if (typeof iin !== 'string' || !isIin(iin)) return refusal(400, 'INVALID_IIN');
  const record = records.get(iin);
  return record === undefined ? refusal(404, 'NOT_FOUND') : json(200, record);
}

function readBatch(
  records: ReadonlyMap<string, unknown>,
  maxBatch: number,
  meter: Meter,
  { body }: HttpQuestion,
): HttpAnswer {
  const iins = parseObject(body)?.['iins'];
  const numbers = Array.isArray(iins) ? iins.filter((iin): iin is string => typeof iin === 'string') : [];
  meter.count('batch', numbers);
  if (!Array.isArray(iins) || numbers.length !== iins.length) return refusal(400, 'INVALID_BATCH');
  if (numbers.length > maxBatch) return refusal(413, 'BATCH_TOO_LARGE');
  return json(200, { items: numbers.map((iin) => records.get(iin) ?? null) });
}

function refusal(status: number, code: string): HttpAnswer {
  return json(status, { error: { code } });
}
