import type { Country } from '../country/country.js';
import { json, parseObject, type HttpRegister } from '../registers/http-register.js';
import type { Meter } from '../registers/meter.js';
import { carries } from '../registers/secret.js';

export const PROTECTION_PATH = '/api/v1/protected-people/among';

/**
 * The list of protected people and their homes: `POST /api/v1/protected-people/among` with `{subjects, dwellings?}` says
 * which of them are on it, by position, and nothing of why. `protectedDwellings` answers a question with `dwellings`.
 */
export function protectionList(
  { protectedPeople, protectedDwellings }: Pick<Country, 'protectedPeople' | 'protectedDwellings'>,
  token: string,
  meter: Meter,
): HttpRegister {
  const people = new Set(protectedPeople);
  const homes = new Set(protectedDwellings);
  return ({ method, path, headers, body }) => {
    if (method !== 'POST' || path !== PROTECTION_PATH) return json(404, { error: { code: 'NOT_FOUND' } });
    const question = parseObject(body);
    const subjects = readTexts(question?.['subjects']);
    const dwellings = question?.['dwellings'] === undefined ? undefined : readTexts(question['dwellings']);
    meter.count('protection', subjects ?? []);
    if (subjects === undefined || (dwellings === undefined && question?.['dwellings'] !== undefined))
      return json(400, { error: { code: 'INVALID_QUESTION' } });
    if (!carries(headers.authorization, `Bearer ${token}`)) return json(401, { error: { code: 'UNAUTHORIZED' } });
    return json(200, {
      protected: positions(subjects, people),
      ...(dwellings === undefined ? {} : { protectedDwellings: positions(dwellings, homes) }),
    });
  };
}

function readTexts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((one): one is string => typeof one === 'string') ? value : undefined;
}

/** Returns the positions of those that are listed. */
function positions(asked: readonly string[], listed: ReadonlySet<string>): readonly number[] {
  return asked.flatMap((one, position) => (listed.has(one) ? [position] : []));
}
