import { expect } from 'chai';
import { operationSource } from '../../../adapters/rest/operation-source.js';
import { restSource } from '../../../adapters/rest/source.js';
import { xroadSource } from '../../../adapters/xroad/source.js';

/** Returns the message for an operation, or undefined if it is accepted. */
const refused = (operation: unknown): string | undefined => {
  const read = operationSource.safeParse(operation);
  return read.success ? undefined : read.error.issues.map(({ message }) => message).join('; ');
};

describe('an operation of source.yaml', () => {
  it('is taken as it is written for single records, batches and pages', () => {
    const agreement = { owner: 'Ministry of Justice', agreement: '2026-114', until: '2027-12-31' };
    const person = {
      request: { method: 'GET', path: '/persons/{iin}', query: { fields: '{select}' } },
      identifier_in_address: agreement,
      answer: {
        record: ['data', 0, 'person'],
        not_found: { status: [404, 410], code: { at: ['code'], is: ['PERSON_NOT_FOUND'] }, body: [null, 'empty'] },
      },
    };
    const persons = {
      request: { method: 'POST', path: '/persons', body: { numbers: '{iin[]}', fields: '{select[]}' } },
      batch: { max: 20, answer: 'unordered', key: ['number'], absent: 'omitted' },
      answer: { items: ['persons'] },
    };
    const pages = {
      request: { path: '/units', query: { page: '{page.number}', size: '{page.size}' } },
      answer: { items: ['_embedded', 'units'] },
      page: { by: 'number', first: 0, size: 50, total: ['page', 'totalElements'] },
    };
    for (const one of [person, persons, pages, { ...person, batch: { answer: 'none', parallel: 2 } }])
      expect(refused(one)).to.equal(undefined);
  });

  it('is refused where its parts contradict each other', () => {
    const request = { method: 'POST', path: '/x', body: { numbers: '{iin[]}' } };
    const items = { items: 'items' };
    const many = { request, answer: items };
    const paged = { request: { path: '/x' }, answer: items };
    const cases: readonly (readonly [unknown, string])[] = [
      [{ request, batch: { max: 1, answer: 'ordered' } }, 'no `answer.items`'],
      [{ ...many, batch: { max: 1, answer: 'ordered', absent: 'omitted' } }, 'the order would be lost'],
      [{ ...paged, page: { by: 'number', size: 10 } }, 'says {page.number} nowhere'],
      [{ ...paged, page: { by: 'offset', size: 10 } }, 'says {page.offset} nowhere'],
      [{ ...paged, page: { by: 'cursor', next: 'next' } }, 'says {page.cursor} nowhere'],
      [{ request: { path: '/x' }, page: { by: 'link' } }, 'no `answer.items`'],
      [{ request: { path: '/x', query: { p: '{page.number}' } }, answer: items }, 'asks {page.number}'],
      [{ request: { path: '/x/{iin}' }, identifier_in_address: { owner: '', agreement: '', until: 'soon' } }, ''],
    ];
    for (const [operation, message] of cases) expect(refused(operation), message).to.include(message);
  });

  it('asks by PUT only behind X-Road', () => {
    const operations = { read: { request: { method: 'PUT', path: '/persons', body: {} } } };
    const types = { Person: { fields: { name: 'name' } } };
    const issues = restSource.safeParse({ protocol: 'rest', operations, types }).error?.issues ?? [];
    expect(issues.map(({ path }) => path.join('.'))).to.deep.equal(['operations.read.request.method']);
    const [instance, code] = ['EE', 'one'];
    const service = { instance, member_class: 'GOV', member_code: code, subsystem: code, service_code: code };
    expect(xroadSource.safeParse({ protocol: 'xroad', service, operations, types }).success).to.equal(true);
  });
});
