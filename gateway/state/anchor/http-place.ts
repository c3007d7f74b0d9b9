import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import {
  HttpFailure,
  headerList,
  type ConnectionSettings,
  type HttpClient,
  type HttpConnections,
  type HttpRequest,
  type HttpResponse,
} from '../../../schemas/ports/http-client.js';
import { PlaceFailure, type Place, type StoredText, type TextName, type Written } from './place.js';

export interface HttpPlaceOptions {
  readonly name: string;
  /** The folder of the texts. */
  readonly url: string;
  readonly http: HttpClient;
  /** Limit of one request, in milliseconds. */
  readonly timeoutMs: number;
  /** File with the bearer token. It is read for each request, so that a new token needs no restart. */
  readonly bearerFile?: string | undefined;
  /** Files of certificates and of the key. They are read for each request as well. */
  readonly tlsCaFile?: string | undefined;
  readonly client?: { readonly certificateFile: string; readonly keyFile: string } | undefined;
}

type TlsFiles = Pick<ConnectionSettings, 'tlsCa' | 'tlsClient'>;

const MAX_BYTES = 1_000_000;
const DONE = new Set([200, 201, 204]);
const DENIED = new Set([401, 403]);
/** `If-Match` and `If-None-Match` were evaluated to false (RFC 9110, section 15.5.13), or another write was under way. */
const CONFLICT = new Set([409, 412]);

/**
 * A store that speaks GET, and PUT under `If-Match` and `If-None-Match: *` (RFC 9110, section 13.1): each text
 * is a resource below the address, and its version is the strong ETag.
 */
export class HttpPlace implements Place {
  readonly name: string;
  readonly #options: HttpPlaceOptions;
  #files: TlsFiles;
  #connections: HttpConnections;
  /** Opened with the files before these. What is under way on them ends in peace. */
  #before: HttpConnections | undefined;

  /** Reads the files of certificates. Throws if one of them cannot be read. Connects to nothing. */
  constructor(options: HttpPlaceOptions) {
    this.name = options.name;
    this.#options = options;
    this.#files = readTlsFiles(options);
    this.#connections = this.#open();
  }

  async read(text: TextName): Promise<StoredText | undefined> {
    const response = await this.#send({ method: 'GET', text, headers: { accept: 'application/json' } });
    if (response.status === 404) return undefined;
    if (response.status !== 200) throw this.#refused(response);
    const version = strongEtag(response);
    // Without a strong ETag two writers would overwrite each other.
    if (version === undefined) throw new PlaceFailure(this.name, 'unversioned');
    return { content: response.body.toString('utf8'), version };
  }

  async write(text: TextName, content: string, replaces: string | undefined): Promise<Written> {
    const condition = replaces === undefined ? { 'if-none-match': '*' } : { 'if-match': replaces };
    const response = await this.#send({
      method: 'PUT',
      text,
      headers: { 'content-type': 'application/json', ...condition },
      body: content,
    });
    if (CONFLICT.has(response.status)) return { outcome: 'conflict' };
    // A store may answer 404 when there is nothing that `If-Match` could match.
    if (response.status === 404 && replaces !== undefined) return { outcome: 'conflict' };
    if (!DONE.has(response.status)) throw this.#refused(response);
    return { outcome: 'written', version: strongEtag(response) };
  }

  close(): void {
    this.#connections.close();
    this.#before?.close();
  }

  #open(): HttpConnections {
    return this.#options.http.open({ maxConnections: 2, ...this.#files });
  }

  /** Returns connections with the certificates as the files have them now. */
  #current(): HttpConnections {
    const files = readTlsFiles(this.#options);
    if (isDeepStrictEqual(files, this.#files)) return this.#connections;
    this.#before?.close();
    this.#before = this.#connections;
    this.#files = files;
    this.#connections = this.#open();
    return this.#connections;
  }

  async #send({
    text,
    headers,
    ...request
  }: Pick<HttpRequest, 'method' | 'body'> & {
    readonly text: TextName;
    readonly headers: Readonly<Record<string, string>>;
  }): Promise<HttpResponse> {
    const { url, timeoutMs } = this.#options;
    try {
      return await this.#current().send({
        ...request,
        url: new URL(`${url.replace(/\/$/, '')}/${text}.json`),
        headers: headerList({ ...headers, ...this.#authorization() }),
        timeoutMs,
        maxResponseBytes: MAX_BYTES,
      });
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw new PlaceFailure(this.name, 'failed', { cause: error });
      throw new PlaceFailure(this.name, FAULTS[error.kind], { cause: error });
    }
  }

  #authorization(): Readonly<Record<string, string>> {
    const { bearerFile } = this.#options;
    return bearerFile === undefined ? {} : { authorization: `Bearer ${readFileSync(bearerFile, 'utf8').trim()}` };
  }

  #refused({ status }: HttpResponse): PlaceFailure {
    return new PlaceFailure(this.name, DENIED.has(status) ? 'denied' : 'failed', { cause: `status ${status}` });
  }
}

function readTlsFiles({ tlsCaFile, client }: HttpPlaceOptions): TlsFiles {
  const read = (file: string): string => readFileSync(file, 'utf8');
  return {
    tlsCa: tlsCaFile === undefined ? undefined : read(tlsCaFile),
    tlsClient:
      client === undefined ? undefined : { certificate: read(client.certificateFile), key: read(client.keyFile) },
  };
}

const FAULTS = {
  timeout: 'timeout',
  cancelled: 'failed',
  transport: 'unreachable',
  not_http: 'failed',
  too_large: 'failed',
} as const;

/** A weak one (`W/"..."`) never matches `If-Match` (RFC 9110, section 8.8.3.2). */
function strongEtag({ headers }: HttpResponse): string | undefined {
  const { etag } = headers;
  return typeof etag === 'string' && /^"[^"]*"$/.test(etag) ? etag : undefined;
}
