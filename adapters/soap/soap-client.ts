import type { Clock } from '../../schemas/ports/clock.js';
import {
  headerList,
  type HeaderList,
  type HttpConnections,
  type HttpResponse,
  type HttpResponseHead,
} from '../../schemas/ports/http-client.js';
import type { Presented } from '../auth/port.js';
import { presentedUrl } from '../auth/with-credentials.js';
import { CALL_ID } from '../call-id.js';
import { failureOf } from '../http/post-text.js';
import { inflated } from '../http/inflate.js';
import { noAnswer } from '../http/read-reply.js';
import { RegisterDeclined, RegisterFailure, type NumberedCall } from '../port.js';
import { AnswerRefused } from './answer-refused.js';
import { decodeXml } from './xml/decode-xml.js';

export interface SoapClientOptions {
  readonly register: string;
  readonly url: string;
  /** Connections to this register. The client closes them. */
  readonly connections: HttpConnections;
  readonly clock: Clock;
  readonly maxResponseBytes: number;
  readonly version: '1.1' | '1.2';
  /** Another charset of answers than UTF-8. */
  readonly charset: string;
}

export interface SoapCall {
  readonly text: string;
  /** SOAPAction. Undefined for none. */
  readonly action: string | undefined;
  /** Id of the call, where a header carries it. */
  readonly callId?: string | undefined;
  /** What proves to the register who the gateway is. */
  readonly presented: Presented;
  readonly requestId: string;
  readonly message: NumberedCall;
  /** Absolute, monotonic, milliseconds. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
}

/** An answer as text. Any status but 200 can only be a Fault. */
export interface SoapReply {
  readonly status: number;
  readonly xml: string;
}

/**
 * Posts a SOAP message and reads one (SOAP 1.1, section 6; SOAP 1.2 part 2, section 7). Resolves with every reply of XML:
 * status 200, or an error that may hold a Fault. Takes gzip, counted by its size without compression. Rejects with `RegisterFailure` for any other reply. Follows no redirect,
 * retries nothing. No error holds an address, a body or a value.
 */
export interface SoapClient {
  send(call: SoapCall): Promise<SoapReply>;
  close(): void;
}

export function createSoapClient(options: SoapClientOptions): SoapClient {
  const url = new URL(options.url);
  const headersOf = contentHeaders(options.version);
  return { send: (call) => send(call, url, headersOf(call.action), options), close: () => options.connections.close() };
}

async function send(
  { text, callId, presented, requestId, message, deadline, signal }: SoapCall,
  url: URL,
  fixed: HeaderList,
  { register, connections, clock, maxResponseBytes, charset }: SoapClientOptions,
): Promise<SoapReply> {
  const timeoutMs = deadline - clock.monotonic();
  const call = callId === undefined ? [] : [CALL_ID, callId];
  const own = headerList(presented.headers);
  const headers = [
    ...fixed,
    ...own,
    ...call,
    'X-Request-Id',
    requestId,
    'X-Request-Deadline',
    String(Math.floor(timeoutMs)),
  ];
  try {
    const reply = await connections.send({
      method: 'POST',
      url: presentedUrl(url, presented),
      headers,
      body: text,
      timeoutMs,
      maxResponseBytes,
      signal,
      onSend: () => message.recordSent(),
      checkHead: refuseAttachments,
    });
    message.recordAnswered();
    if (!mayBeMessage(reply)) {
      if (reply.status === 200) throw new AnswerRefused('content_type');
      throw noAnswer(reply, () => clock.now());
    }
    const body = await inflated(reply, maxResponseBytes);
    return { status: reply.status, xml: decodeXml(body, contentTypeOf(reply), charset) };
  } catch (error) {
    throw error instanceof AnswerRefused ? refusal(register, error) : failureOf(register, error);
  }
}

/** Returns the failure of a call whose answer was refused. */
export function refusal(register: string, { reason, isDeclined }: AnswerRefused): RegisterFailure {
  return isDeclined ? new RegisterDeclined(register, reason) : new RegisterFailure(register, reason);
}

const XML = /^\s*(text\/xml|application\/(xml|[\w.-]+\+xml))\s*(;|$)/i;
/** Statuses that are about the call and not about what was asked: what their body holds does not count. */
const NEVER_A_MESSAGE: ReadonlySet<number> = new Set([401, 403, 429, 503]);

function mayBeMessage(reply: HttpResponse): boolean {
  const { status } = reply;
  return XML.test(contentTypeOf(reply)) && (status === 200 || (status >= 400 && !NEVER_A_MESSAGE.has(status)));
}

function contentTypeOf({ headers }: HttpResponseHead): string {
  const type = headers['content-type'];
  return (typeof type === 'object' ? type[0] : type) ?? '';
}

/** A message with attachments, or in parts (MTOM), is not read. */
function refuseAttachments(head: HttpResponseHead): void {
  if (/^\s*multipart\//i.test(contentTypeOf(head))) throw new AnswerRefused('mtom_unsupported');
}

/** Returns the headers of a message with this action. They are made once for each action. */
function contentHeaders(version: '1.1' | '1.2'): (action: string | undefined) => HeaderList {
  const made = new Map<string | undefined, HeaderList>();
  const make = (action: string | undefined): HeaderList => {
    const type = version === '1.2' ? 'application/soap+xml' : 'text/xml';
    const parameter = version === '1.2' && action !== undefined ? `; action="${action}"` : '';
    return headerList({
      Accept: version === '1.2' ? 'application/soap+xml' : 'text/xml',
      'Accept-Encoding': 'gzip',
      'Content-Type': `${type}; charset=utf-8${parameter}`,
      ...(version === '1.1' && action !== undefined ? { SOAPAction: `"${action}"` } : {}),
    });
  };
  return (action) => {
    const headers = made.get(action) ?? make(action);
    made.set(action, headers);
    return headers;
  };
}
