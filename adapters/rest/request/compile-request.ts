import type { Constants } from './compile-text.js';
import { compileHeaders } from './compile-headers.js';
import { compileJson } from './compile-json.js';
import { compilePath } from './compile-path.js';
import { compileQuery } from './compile-query.js';
import { CONSTANT } from './placeholders.js';
import { placeholdersOf, textsOf } from './repeated.js';
import type { RequestSource } from './request-source.js';
import { compileValue, type RequestValues } from './values.js';

/** A request without a value of it: what logs, errors and the probe may show. */
export interface AddressTemplate {
  readonly method: RequestSource['method'];
  /** Path and query with their placeholders: `/persons/{iin}?requester={constant.org}`. */
  readonly target: string;
}

export interface CompiledRequest {
  readonly address: AddressTemplate;
  /** Names of the placeholders in the path, the query or a header, constants left out. */
  readonly inAddress: readonly string[];
  /** The same, each with what takes its value. */
  readonly addressed: readonly { readonly name: string; readonly valueOf: (values: RequestValues) => unknown }[];
  /** Placeholders of the whole request. */
  readonly placeholders: readonly { readonly name: string; readonly isList: boolean }[];
  /** Makes a request. Throws `ValueRefused` for a value that has no place in it. */
  fill(values: RequestValues): FilledRequest;
}

export interface FilledRequest {
  readonly method: RequestSource['method'];
  readonly url: URL;
  /** With what is accepted, and with the media type of the body if there is one. */
  readonly headers: Readonly<Record<string, string>>;
  /** The text of the body. Undefined if there is none. */
  readonly body: string | undefined;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const FORM_TYPE = 'application/x-www-form-urlencoded';

/**
 * Compiles a request template. `base` is the base address of the register; its path comes first. With any values,
 * the requests of one template have the same segments, parameters, headers and members, but for those that are left out
 * because they have no value. `isBatch`: whether a request asks for many keys. Throws for a constant that `constants`
 * lacks.
 */
export function compileRequest(
  request: RequestSource,
  constants: Constants,
  base: string,
  isBatch = false,
): CompiledRequest {
  const { method, path, query, body, form } = request;
  const headers = headersOf(request);
  const fillPath = compilePath(path, constants);
  const fillQuery = compileQuery(query, constants, isBatch);
  const fillHeaders = compileHeaders(headers, constants);
  const fillBody = compileBody(request, constants, isBatch);
  const start = base.replace(/\/+$/, '');
  const urlOf = (values: RequestValues): URL => {
    const filled = fillQuery(values);
    return new URL(`${start}${fillPath(values)}${filled === '' ? '' : `?${filled}`}`);
  };
  const inTarget = placeholdersOf({ path, query }, isBatch);
  const inAddress = [...inTarget, ...placeholdersOf({ headers }, isBatch)];
  // A fixed address is parsed once.
  const fixedUrl = inTarget.every(({ name }) => name.startsWith(CONSTANT)) ? urlOf({}) : undefined;
  const namesInAddress = [...new Set(inAddress.map(({ name }) => name))].filter((name) => !name.startsWith(CONSTANT));
  return {
    address: { method, target: `${path}${shownQuery(query)}` },
    inAddress: namesInAddress,
    addressed: namesInAddress.map((name) => ({ name, valueOf: compileValue(name) })),
    placeholders: [...inAddress, ...placeholdersOf({ body, form }, isBatch)],
    fill: (values) => ({
      method,
      url: fixedUrl ?? urlOf(values),
      headers: fillHeaders(values),
      body: fillBody?.(values),
    }),
  };
}

function compileBody(
  { body, form }: RequestSource,
  constants: Constants,
  isBatch: boolean,
): ((values: RequestValues) => string) | undefined {
  if (form !== undefined) return compileQuery(form, constants, isBatch);
  if (body === undefined) return undefined;
  const fill = compileJson(body, constants, isBatch);
  return (values) => JSON.stringify(fill(values)) ?? 'null';
}

function headersOf({ headers, body, form, content_type: named }: RequestSource): RequestSource['headers'] {
  const isAcceptWritten = Object.keys(headers).some((name) => name.toLowerCase() === 'accept');
  const accept = isAcceptWritten ? {} : { Accept: 'application/json' };
  if (body === undefined && form === undefined) return { ...accept, ...headers };
  return { ...accept, ...headers, 'Content-Type': named ?? (form === undefined ? JSON_TYPE : FORM_TYPE) };
}

function shownQuery(query: RequestSource['query']): string {
  const shown = Object.entries(query).map(([name, value]) => {
    const isJoined = typeof value === 'object' && 'joined' in value;
    const shown = textsOf(isJoined ? value.joined : value).map(({ text }) => text);
    return `${name}=${shown.join('')}`;
  });
  return shown.length === 0 ? '' : `?${shown.join('&')}`;
}
