import { HttpFailure, type HttpConnections, type HttpResponse } from '../../../schemas/ports/http-client.js';
import type { Random } from '../../../schemas/ports/random.js';
import { utf8Text } from '../../../schemas/utf8-text.js';
import { encodeIdentifier } from '../identifiers.js';
import {
  errorType,
  MetadataFailure,
  type Parts,
  type XroadClientEntry,
  type XroadServiceEntry,
} from './description.js';
import { partsOf } from './multipart.js';
import { readClients, readServices } from './rest-metadata.js';
import { checkWsdlAnswer, metadataEnvelope, readSoapServices, readXmlClients } from './soap-metadata.js';

export interface MetadataClientOptions {
  /** Connections to our security server. The client does not close them. */
  readonly connections: HttpConnections;
  /** Address of our security server. */
  readonly url: string;
  /** Our identifier. */
  readonly client: Parts;
  readonly random: Random;
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
}

/** What members of X-Road offer, and the descriptions of it. Every function rejects with {@link MetadataFailure}. */
export interface MetadataClient {
  /** Returns the members and subsystems of an instance; of our own without a name. */
  listClients(instance?: string): Promise<readonly XroadClientEntry[]>;
  /** Returns the services that a subsystem offers, or those of them that we may call. */
  listRestMethods(provider: Parts, which: 'listMethods' | 'allowedMethods'): Promise<readonly XroadServiceEntry[]>;
  listSoapMethods(provider: Parts, which: 'listMethods' | 'allowedMethods'): Promise<readonly XroadServiceEntry[]>;
  /** Returns the OpenAPI document of a REST service, as it was sent. */
  getOpenApi(provider: Parts, serviceCode: string): Promise<Buffer>;
  /** Returns the WSDL of a SOAP service, as it was sent. */
  getWsdl(provider: Parts, serviceCode: string, version?: string): Promise<Buffer>;
}

/** Speaks PR-META (SOAP) and PR-MREST (REST) with a security server. */
export function createMetadataClient(options: MetadataClientOptions): MetadataClient {
  const { client, random } = options;
  const base = options.url.replace(/\/+$/, '');
  const get = (path: string, accept: string, headers: readonly string[] = []): Promise<HttpResponse> =>
    send({ method: 'GET', url: `${base}${path}`, headers: ['Accept', accept, ...headers] }, options);
  const rest = (provider: Parts, service: string, query = ''): Promise<HttpResponse> =>
    get(`/r1/${encodeIdentifier([...provider, service])}${query}`, 'application/json, */*;q=0.1', [
      ...['X-Road-Client', encodeIdentifier(client)],
      ...['X-Road-Id', random.uuid()],
    ]);
  const soap = (question: Omit<Parameters<typeof metadataEnvelope>[0], 'client' | 'id'>): Promise<HttpResponse> =>
    send(
      {
        method: 'POST',
        url: `${base}/`,
        headers: ['Content-Type', 'text/xml; charset=UTF-8', 'SOAPAction', '""'],
        body: metadataEnvelope({ ...question, client, id: random.uuid() }),
      },
      options,
    );
  return {
    listClients: async (instance) => {
      const query = instance === undefined ? '' : `?xRoadInstance=${encodeURIComponent(instance)}`;
      const response = await get(`/listClients${query}`, 'application/json');
      const text = textOf(response);
      return /xml/i.test(contentType(response)) ? readXmlClients(text) : readClients(text);
    },
    listRestMethods: async (provider, which) => readServices(textOf(await rest(provider, which))),
    listSoapMethods: async (provider, service) => readSoapServices(textOf(await soap({ provider, service })), service),
    getOpenApi: async (provider, serviceCode) =>
      (await rest(provider, 'getOpenAPI', `?serviceCode=${encodeURIComponent(serviceCode)}`)).body,
    getWsdl: async (provider, serviceCode, version) => {
      const of = version === undefined ? [serviceCode] : [serviceCode, version];
      return wsdlIn(await soap({ provider, service: 'getWsdl', of }));
    },
  };
}

/** The WSDL is an attachment of the answer (PR-META section 4). */
function wsdlIn(response: HttpResponse): Buffer {
  const type = contentType(response);
  if (!/^multipart\/related/i.test(type)) {
    checkWsdlAnswer(textOf(response));
    throw new MetadataFailure('the security server sent its answer without the WSDL');
  }
  const [envelope, wsdl] = partsOf(type, response.body) ?? [];
  if (envelope === undefined || wsdl === undefined) throw new MetadataFailure('the security server sent no WSDL');
  checkWsdlAnswer(textIn(envelope.body));
  return wsdl.body;
}

interface Sent {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: readonly string[];
  readonly body?: string;
}

async function send(sent: Sent, options: MetadataClientOptions): Promise<HttpResponse> {
  const { connections, timeoutMs, maxResponseBytes } = options;
  const { url, ...request } = sent;
  const response = await connections
    .send({ ...request, url: new URL(url), timeoutMs, maxResponseBytes })
    .catch((error: unknown) => {
      if (error instanceof HttpFailure)
        throw new MetadataFailure(`the security server gave no answer (${error.code ?? error.kind})`);
      throw error;
    });
  const { 'x-road-error': error } = response.headers;
  const isSoapFault = sent.method === 'POST' && response.status === 500 && /xml/i.test(contentType(response));
  if (error !== undefined || (response.status !== 200 && !isSoapFault))
    throw new MetadataFailure(`the security server answered with status ${response.status}`, errorType(String(error)));
  return response;
}

function contentType({ headers }: HttpResponse): string {
  return String(headers['content-type'] ?? '');
}

function textOf({ body }: HttpResponse): string {
  return textIn(body);
}

function textIn(body: Buffer): string {
  const text = utf8Text(body);
  if (text === undefined) throw new MetadataFailure('the security server sent no text of UTF-8');
  return text;
}
