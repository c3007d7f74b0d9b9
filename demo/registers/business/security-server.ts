import { randomUUID } from 'node:crypto';
import { requestHash } from '../../../adapters/xroad/request-hash.js';
import { json, type HttpAnswer, type HttpQuestion, type HttpRegister } from '../http-register.js';

export interface XroadMembers {
  /** Identifiers of the subsystems that may call the service. */
  readonly clients: readonly (readonly string[])[];
  readonly service: readonly string[];
}

/**
 * Both security servers of X-Road in one (PR-REST r1): who calls is checked, what is called is found,
 * and the answer carries the proof of which request it belongs to. Between them there is nothing.
 */
export function securityServer(provider: HttpRegister, { clients, service }: XroadMembers): HttpRegister {
  const prefix = `/r1/${service.map(encodeURIComponent).join('/')}`;
  const known = new Set(clients.map((parts) => parts.join('/')));
  return async (question) => {
    const client = valueOf(question, 'x-road-client');
    const id = valueOf(question, 'x-road-id') ?? randomUUID();
    if (client === undefined || hasRepeated(question))
      return fault('Client.BadRequest', 'The request is not one of the X-Road message protocol');
    if (!question.path.startsWith(`${prefix}/`)) return fault('Server.ServerProxy.UnknownService', 'Unknown service');
    if (!known.has(client.split('/').map(decodeURIComponent).join('/')))
      return fault('Server.ServerProxy.AccessDenied', 'Request is not allowed');
    const answer = await provider({ ...question, path: question.path.slice(prefix.length) });
    return { ...answer, headers: proof(question, { client, id, service }) };
  };
}

interface Exchange {
  readonly client: string;
  readonly id: string;
  readonly service: readonly string[];
}

function proof(
  { method, path, rawHeaders, body }: HttpQuestion,
  { client, id, service }: Exchange,
): Readonly<Record<string, string>> {
  const requestId = randomUUID();
  const headers = pairs(rawHeaders);
  return {
    'X-Road-Client': client,
    'X-Road-Service': service.map(encodeURIComponent).join('/'),
    'X-Road-Id': id,
    'X-Road-Request-Id': requestId,
    'X-Road-Request-Hash': requestHash({ method, target: path, headers, body }, requestId),
  };
}

function pairs(rawHeaders: readonly string[]): readonly (readonly [string, string])[] {
  return rawHeaders.flatMap((name, position) =>
    position % 2 === 0 ? [[name, rawHeaders[position + 1] ?? ''] as const] : [],
  );
}

function valueOf({ headers }: HttpQuestion, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** Implementations differ in which of two headers they take: nothing may depend on it. */
function hasRepeated({ rawHeaders }: HttpQuestion): boolean {
  const names = pairs(rawHeaders)
    .map(([name]) => name.toLowerCase())
    .filter((name) => name.startsWith('x-road-'));
  return new Set(names).size !== names.length;
}

/** PR-REST section 4.6: the header says whose fault it is, the body what happened. */
function fault(type: string, message: string): HttpAnswer {
  return { ...json(500, { type, message, detail: randomUUID() }), headers: { 'X-Road-Error': type } };
}
