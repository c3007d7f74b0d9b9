import { parse } from 'yaml';
import type { JsonReply } from '../../../adapters/http/post-json.js';
import {
  RegisterFailure,
  type Adapter,
  type CallGroup,
  type FetchSelection,
  type GroupAnswer,
  type SelectedField,
} from '../../../adapters/port.js';
import type { Observer } from '../../../schemas/ports/observer.js';
import { createRestAdapter } from '../../../adapters/rest/rest-adapter.js';
import { restSource } from '../../../adapters/rest/source.js';
import type { RestClient, RestQuestion } from '../../../adapters/rest/rest-client.js';
import { someCalls } from '../../recorded-calls.js';
import { entities, leaf, root } from '../selections.js';

export const BASE = 'https://register.example/base';

/** What the register was asked, and the next answers that it gives. */
export interface Register {
  readonly asked: string[];
  readonly headers: Readonly<Record<string, string>>[];
  readonly client: RestClient;
}

export type Answer = Partial<JsonReply> | ((question: RestQuestion) => Promise<JsonReply> | JsonReply);

export function registerOf(...answers: readonly Answer[]): Register {
  const asked: string[] = [];
  const headers: Readonly<Record<string, string>>[] = [];
  const client: RestClient = {
    ask: async (question) => {
      const { request, meaningOf } = question;
      const answer = answers[asked.length];
      asked.push(`${request.method} ${request.url.href.slice(BASE.length)} ${request.body ?? ''}`.trim());
      headers.push(request.headers);
      if (answer === undefined) throw new Error('the register was asked once too often');
      if (typeof answer === 'function') return answer(question);
      const reply = { status: 200, body: undefined, ...answer };
      // What the HTTP client promises.
      if (meaningOf(reply.status) === undefined) throw new RegisterFailure('people', 'status_unexpected');
      return meaningOf(reply.status) === 'status' ? { ...reply, body: undefined } : reply;
    },
    close: () => undefined,
  };
  return { asked, headers, client };
}

const ON_BEHALF = { system: 's', purpose: 'housing', case: { agency: 'housing', number: 'H-1' } };

interface Setup {
  readonly source: string;
  readonly register: Register;
  readonly today?: string;
  readonly observer?: Pick<Observer, 'count'>;
}

export function adapterOf({ source, register: { client }, today = '2026-03-01', observer }: Setup): Adapter {
  const read = restSource.parse({ protocol: 'rest', ...(parse(source) as object) });
  return createRestAdapter({
    register: 'people',
    source: read,
    url: BASE,
    client,
    clock: { factDate: () => today },
    observer,
  });
}

export async function answerOf(adapter: Adapter, ...groups: readonly CallGroup[]): Promise<readonly GroupAnswer[]> {
  const call = { requestId: 'r-1', calls: someCalls(), groups, deadline: Infinity, onBehalfOf: ON_BEHALF };
  return JSON.parse(JSON.stringify((await adapter.read(call)).groups)) as readonly GroupAnswer[];
}

export const persons = (
  adapter: Adapter,
  below: Parameters<typeof entities>[1],
  ...keys: readonly object[]
): CallGroup => ({
  prepared: adapter.prepare(entities('Person', below)),
  variables: {},
  keys: keys.map((key) => ({ __typename: 'Person', ...key })),
});

export const rootField = (field: SelectedField): FetchSelection => ({
  ...root(field.name, 'a', 'a', field.type, [leaf('x')]),
  fields: [field],
});
