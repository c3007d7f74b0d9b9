import { json, parseObject, type HttpRegister } from '../registers/http-register.js';
import type { Meter } from '../registers/meter.js';
import { carries } from '../registers/secret.js';

export const PROTECTION_PATH = '/api/v1/protected-people/among';

/**
 * The list of protected people: `POST /api/v1/protected-people/among` with `{subjects}` says which
 * of them are on it, by position, and nothing of why.
 */
export function protectionList(people: readonly string[], token: string, meter: Meter): HttpRegister {
  const listed = new Set(people);
  return ({ method, path, headers, body }) => {
    if (method !== 'POST' || path !== PROTECTION_PATH) return json(404, { error: { code: 'NOT_FOUND' } });
    const subjects = readSubjects(parseObject(body)?.['subjects']);
    meter.count('protection', subjects ?? []);
    if (subjects === undefined) return json(400, { error: { code: 'INVALID_QUESTION' } });
    if (!carries(headers.authorization, `Bearer ${token}`)) return json(401, { error: { code: 'UNAUTHORIZED' } });
    return json(200, { protected: subjects.flatMap((subject, position) => (listed.has(subject) ? [position] : [])) });
  };
}

function readSubjects(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((subject): subject is string => typeof subject === 'string')
    ? value
    : undefined;
}
