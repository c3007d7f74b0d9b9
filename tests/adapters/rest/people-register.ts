import { isIin } from '../../../schemas/identifiers/iin.js';
import type { RestSource, RestSourceFile } from '../../../adapters/rest/source.js';
import type { Person } from '../../../demo/country/model.js';
import { json, parseObject, type HttpAnswer, type HttpRegister } from '../../../demo/registers/http-register.js';
import type { Meter } from '../../../demo/registers/meter.js';
import { carries } from '../../../demo/registers/secret.js';

/** How the register below is spoken to. */
export const PEOPLE_SOURCE = {
  protocol: 'rest',
  api_key_header: 'X-Api-Key',
  read: { path: '/api/v1/persons/read', key: 'iin' },
  batch: { path: '/api/v1/persons/batch', keys: 'iins', items: 'items', max: 500 },
  roots: { citizen: 'iin', person: 'handle' },
  lists: {},
  types: {
    Citizen: {
      key: 'iin',
      fields: {
        iin: 'iin',
        lastName: 'last_name',
        firstName: 'first_name',
        middleName: 'middle_name',
        documents: { path: 'documents', type: 'IdentityDocument' },
        spouse: { path: 'family.spouse_iin', reference: 'Citizen' },
        children: { path: 'family.children_iins', reference: 'Citizen' },
        parents: { path: 'family.parents_iins', reference: 'Citizen' },
      },
    },
    IdentityDocument: { fields: { type: 'doc_type', number: 'doc_number' } },
  },
} satisfies RestSourceFile;

/** Returns a source without operations with batches of at most `max` keys. */
export function inBatchesOf<Source extends RestSource>(source: Source, max: number): Source {
  if (source.batch === undefined) throw new Error('the source has operations');
  return { ...source, batch: { ...source.batch, max } };
}

/** A register of people over REST and JSON: single and batch, whole records for every caller. */
export function peopleRegister(persons: readonly Person[], apiKey: string, meter: Meter): HttpRegister {
  const records = new Map(persons.map((person) => [person.iin, recordOf(person)]));
  return ({ path, body, headers }) => {
    if (!carries(headers['x-api-key'], apiKey)) return refusal(401, 'UNAUTHORIZED');
    const asked = parseObject(body);
    if (path === PEOPLE_SOURCE.read.path) return readOne(asked?.['iin']);
    return path === PEOPLE_SOURCE.batch.path ? readBatch(asked?.['iins']) : refusal(404, 'NO_SUCH_RESOURCE');
  };

  function readOne(iin: unknown): HttpAnswer {
    meter.count('read', typeof iin === 'string' ? [iin] : []);
    if (typeof iin !== 'string' || !isIin(iin)) return refusal(400, 'INVALID_IIN');
    const record = records.get(iin);
    return record === undefined ? refusal(404, 'NOT_FOUND') : json(200, record);
  }

  function readBatch(iins: unknown): HttpAnswer {
    const numbers = Array.isArray(iins) ? iins.map(String) : [];
    meter.count('batch', numbers);
    return json(200, { items: numbers.map((iin) => records.get(iin) ?? null) });
  }
}

function recordOf(person: Person): object {
  return {
    iin: person.iin,
    last_name: person.lastName,
    first_name: person.firstName,
    middle_name: person.middleName,
    documents: person.documents.map(({ type, number }) => ({ doc_type: type, doc_number: number })),
    family: { spouse_iin: person.spouseIin, children_iins: person.childrenIins, parents_iins: person.parentsIins },
  };
}

function refusal(status: number, code: string): HttpAnswer {
  return json(status, { error: { code } });
}
