import { isIin } from '../../../schemas/identifiers/iin.js';
import { FACT_DATE, fullMonthsBefore } from '../../country/calendar.js';
import type { Taxpayer } from '../../country/model.js';
import {
  json,
  parseObject,
  tooManyRequests,
  type HttpAnswer,
  type HttpQuestion,
  type HttpRegister,
} from '../http-register.js';
import type { Meter } from '../meter.js';
import { RateLimit } from '../rate-limit.js';
import { carries } from '../secret.js';
import { pageOf } from './pages.js';
import { contributionRecord, incomeRecord, taxpayerRecord, type TaxpayerRecord } from './record.js';

const MAX_BATCH = 100;
const MAX_LIST_BATCH = 50;
const MAX_PAGE = 100;
const MAX_MONTHS = 36;
/** Far more than anyone does who tries the demo. */
const CALLS_PER_SECOND = 5_000;

export interface TaxRegisterOptions {
  readonly apiKey: string;
  readonly callsPerSecond?: number;
  /** In milliseconds; without it the machine's. */
  readonly now?: () => number;
}

/**
 * The register of taxes: REST and JSON with an API key. Taxpayers one by one and in batches; incomes
 * and pension contributions for many persons, in pages, with a limit on calls a second.
 */
export function taxRegister(
  taxpayers: readonly Taxpayer[],
  { apiKey, callsPerSecond = CALLS_PER_SECOND, now = () => performance.now() }: TaxRegisterOptions,
  meter: Meter,
): HttpRegister {
  const lastYear = fullMonthsBefore(FACT_DATE, 12);
  const records = new Map(taxpayers.map((taxpayer) => [taxpayer.iin, taxpayerRecord(taxpayer, lastYear)]));
  const byIin = new Map(taxpayers.map((taxpayer) => [taxpayer.iin, taxpayer]));
  const rate = new RateLimit(callsPerSecond, now);
  return (question) => {
    if (!carries(question.headers['x-api-key'], apiKey)) return refusal(401, 'UNAUTHORIZED');
    if (question.method !== 'POST') return refusal(405, 'METHOD_NOT_ALLOWED');
    if (!rate.take()) {
      meter.count('turned_away', []);
      return tooManyRequests(1);
    }
    switch (question.path) {
      case '/api/v1/taxpayers/read':
        return readOne(records, meter, question);
      case '/api/v1/taxpayers/batch':
        return readBatch(records, meter, question);
      case '/api/v1/incomes':
        return readList('incomes', meter, question, (iin, months) =>
          (byIin.get(iin)?.incomes ?? [])
            .filter(({ month }) => months.includes(month))
            .map((income) => incomeRecord(iin, income)),
        );
      case '/api/v1/pension-contributions':
        return readList('pension', meter, question, (iin, months) =>
          (byIin.get(iin)?.contributions ?? [])
            .filter(({ month }) => months.includes(month))
            .map((one) => contributionRecord(iin, one)),
        );
      default:
        return refusal(404, 'NO_SUCH_RESOURCE');
    }
  };
}

function readOne(records: ReadonlyMap<string, TaxpayerRecord>, meter: Meter, { body }: HttpQuestion): HttpAnswer {
  const { iin, fields } = parseObject(body) ?? {};
  meter.count('read', typeof iin === 'string' ? [iin] : []);
  if (typeof iin !== 'string' || !isIin(iin)) return refusal(400, 'INVALID_IIN');
  const wanted = selection(fields);
  if (wanted === undefined) return refusal(400, 'INVALID_FIELDS');
  const record = records.get(iin);
  return record === undefined ? refusal(404, 'NOT_FOUND') : json(200, wanted(record));
}

function readBatch(records: ReadonlyMap<string, TaxpayerRecord>, meter: Meter, { body }: HttpQuestion): HttpAnswer {
  const { iins: asked, fields } = parseObject(body) ?? {};
  const iins = textsIn(asked);
  meter.count('batch', iins ?? []);
  const wanted = selection(fields);
  if (iins === undefined || wanted === undefined) return refusal(400, 'INVALID_BATCH');
  if (iins.length > MAX_BATCH) return refusal(413, 'BATCH_TOO_LARGE');
  const read = (iin: string): object | null => {
    const record = records.get(iin);
    return record === undefined ? null : wanted(record);
  };
  return json(200, { items: iins.map(read) });
}

/** Prunes records to the members that the question names; without any it gives whole records. Undefined for what names none. */
function selection(fields: unknown): ((record: TaxpayerRecord) => object) | undefined {
  if (fields === undefined) return (record) => record;
  const names = textsIn(fields);
  return names && ((record) => Object.fromEntries(Object.entries(record).filter(([name]) => names.includes(name))));
}

function readList(
  operation: string,
  meter: Meter,
  { body }: HttpQuestion,
  listOf: (iin: string, months: readonly string[]) => readonly unknown[],
): HttpAnswer {
  const { iins: asked, months, limit, cursor } = parseObject(body) ?? {};
  const iins = textsIn(asked);
  meter.count(operation, iins ?? []);
  if (iins === undefined || !isFrom1To(MAX_MONTHS, months) || !isFrom1To(MAX_PAGE, limit))
    return refusal(400, 'INVALID_QUESTION');
  if (iins.length > MAX_LIST_BATCH) return refusal(413, 'BATCH_TOO_LARGE');
  const since = fullMonthsBefore(FACT_DATE, months);
  const page = pageOf(
    iins.flatMap((iin) => listOf(iin, since)),
    { question: [operation, iins, months], limit, cursor },
  );
  return page === undefined ? refusal(400, 'INVALID_CURSOR') : json(200, page);
}

function textsIn(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((text) => typeof text === 'string')
    ? (value as readonly string[])
    : undefined;
}

function isFrom1To(most: number, value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most;
}

function refusal(status: number, code: string): HttpAnswer {
  return json(status, { error: { code } });
}
