import type { Clock } from '../../schemas/ports/clock.js';
import type {
  HttpClient,
  HttpConnections,
  HttpRequest,
  HttpResponse,
  HttpResponseHead,
} from '../../schemas/ports/http-client.js';

/** One message over HTTP, as a probe shows it. It holds no value that was sent, and nothing of an answer's body. */
export interface Exchange {
  readonly method: string;
  /** The address, with `{...}` for each value in it. */
  readonly address: string;
  /** Undefined if no answer came. */
  readonly status?: number;
  /** Media type and charset of the answer. Undefined if it names none. */
  readonly mediaType?: string;
  readonly milliseconds: number;
}

/** A client that takes note of what is sent and answered. */
export interface WatchedHttp {
  readonly http: HttpClient;
  /** In the order in which they ended. */
  readonly exchanges: readonly Exchange[];
  /** The bodies of answers, to be compared with the mapping. Nothing of them is shown. */
  readonly bodies: readonly Buffer[];
}

/** Watches a client for the time of a probe. `shown` makes an address that may be shown. */
export function watchHttp(http: HttpClient, shown: (url: URL) => string, clock: Pick<Clock, 'monotonic'>): WatchedHttp {
  const exchanges: Exchange[] = [];
  const bodies: Buffer[] = [];
  const send = async (connections: HttpConnections, request: HttpRequest): Promise<HttpResponse> => {
    const startedAt = clock.monotonic();
    let head: HttpResponseHead | undefined;
    try {
      const response = await connections.send({
        ...request,
        checkHead: (received) => {
          head = received;
          request.checkHead?.(received);
        },
      });
      bodies.push(response.body);
      return response;
    } finally {
      const mediaType = mediaTypeOf(head);
      exchanges.push({
        method: request.method,
        address: shown(request.url),
        ...(head === undefined ? {} : { status: head.status }),
        ...(mediaType === undefined ? {} : { mediaType }),
        milliseconds: Math.round(clock.monotonic() - startedAt),
      });
    }
  };
  return {
    http: {
      open: (settings) => {
        const connections = http.open(settings);
        return { send: (request) => send(connections, request), close: () => connections.close() };
      },
    },
    exchanges,
    bodies,
  };
}

/** RFC 9110, section 8.3.1. Parameters other than the charset may hold any text. */
const MEDIA_TYPE = /^\s*([\w.+-]{1,60}\/[\w.+-]{1,80})(?:.*?;\s*charset="?([\w-]{1,40})"?)?/i;

function mediaTypeOf(head: HttpResponseHead | undefined): string | undefined {
  const given = head?.headers['content-type'];
  const text = typeof given === 'object' ? given[0] : given;
  const [, type, charset] = MEDIA_TYPE.exec(text ?? '') ?? [];
  if (type === undefined || /\d{6}/.test(type + (charset ?? ''))) return undefined;
  return charset === undefined ? type : `${type}; charset=${charset}`;
}
