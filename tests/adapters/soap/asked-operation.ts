import type { FetchSelection, RegisterAnswer } from '../../../adapters/port.js';
import { rejection } from '../../rejection.js';
import { entities, leaf } from '../selections.js';
import {
  rawRegister,
  readSelection,
  response,
  withAdapter,
  type AskedRead,
  type RawRequest,
  type Reading,
} from './raw-register.js';

export const NS = 'urn:people';
export const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
export const SOAP_12 = 'http://www.w3.org/2003/05/soap-envelope';

/** A message with this in its Body. */
export const envelope = (data: string, namespace = SOAP): string =>
  `<?xml version="1.0"?><s:Envelope xmlns:s="${namespace}"><s:Body>${data}</s:Body></s:Envelope>`;
/** An answer with this in its `people`. */
export const people = (inner: string): string =>
  envelope(`<p:people xmlns:p="${NS}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${inner}</p:people>`);
export const person = (iin: string, name = 'A'): string =>
  `<p:person><p:iin>${iin}</p:iin><p:name>${name}</p:name></p:person>`;

/** A mapping of one operation `ask`, what it is asked, and how the register answers. */
export interface Asked {
  readonly operations: string;
  readonly more?: string;
  readonly types?: string;
  readonly roots?: string;
  readonly answer: string | Buffer | ((request: RawRequest) => string | Buffer);
  readonly iins?: readonly string[];
  readonly selection?: FetchSelection;
  readonly read?: AskedRead;
  readonly settings?: Reading['settings'];
}

const NAMES = entities('Person', [leaf('name')]);

export async function ask({
  operations,
  more = '',
  types = '{ Person: { key: iin, OF, fields: { iin: iin, name: name } } }',
  roots = '{}',
  answer,
  iins = ['1', '2', '3'],
  selection = NAMES,
  read = { keys: iins.map((iin) => ({ __typename: 'Person', iin })) },
  settings = {},
}: Asked): Promise<{ readonly answer: RegisterAnswer; readonly requests: readonly RawRequest[] }> {
  const register = await rawRegister((request) => {
    const body = typeof answer === 'function' ? answer(request) : answer;
    return typeof body === 'string' ? response(body) : body;
  });
  const by = /^\s*batch:/m.test(operations) ? 'batch: ask' : 'read: ask';
  const source = `
protocol: soap
${more.includes('profile') ? '' : 'profile: plain'}
namespace: ${NS}
${more}
operations:
  ask:
${operations}
roots: ${roots}
types: ${types.replace('OF', by)}
`;
  try {
    return await withAdapter(register.url, { source, settings }, async (adapter) => ({
      answer: await readSelection(adapter, selection, read),
      requests: register.requests,
    }));
  } finally {
    await register.close();
  }
}

export const namesOf = ({ groups }: RegisterAnswer): readonly unknown[] =>
  groups[0]?.records.map((record) => record && record['name']) ?? [];
export const reasonOf = async (asked: Asked): Promise<unknown> =>
  ((await rejection(ask(asked))) as { reason?: unknown }).reason;

/** An operation for many keys. */
export const MANY = (batch: string, answer = 'items: [people, person]'): string => `
    request: { body: { ask: { iin: '{iin[]}' } } }
    answer: { ${answer} }
    batch: { max: 10, ${batch} }
`;
/** An operation for one key. */
export const ONE = (answer: string): string => `
    request: { body: { ask: { iin: '{iin}' } } }
    answer: { ${answer} }
`;
