import { z } from 'zod';
import { parseTemplate } from './placeholders.js';

const template = z.string().refine((text) => parseTemplate(text) !== undefined, {
  error: 'has a brace that belongs to no placeholder: write {name} or {name[]}',
});

const fixed = z.union([template, z.number(), z.boolean()]);

/** RFC 3986, section 3.3: what stands for itself in a path. Placeholders are set apart before. */
const PATH_TEXT = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*$/;

const pathTemplate = template
  .refine((path) => path.startsWith('/'), 'must begin with /')
  .refine((path) => PATH_TEXT.test(path.replace(/\{[^{}]*\}/g, '')), {
    error: 'must be a path: no ? and no #, other characters than those of RFC 3986 as %XX',
  })
  .refine((path) => !path.includes('//') && path.split('/').every((segment) => !/^\.{1,2}$/.test(segment)), {
    error: 'must have no empty segment and none that is . or ..',
  })
  .refine((path) => !path.includes('[]}'), 'takes no list: a path has one value in a place');

/** RFC 9110, section 5.6.2. */
const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is no name of a header');

/** Headers that the gateway or the connection sets, and those of credentials, which are settings. */
const OWN_HEADERS = [
  'authorization',
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'tereze-call',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-request-deadline',
  'x-request-id',
];

const queryValue = z.union([
  fixed,
  z.array(fixed).describe('The parameter once for each value.'),
  z
    .strictObject({
      joined: z.union([template, z.array(fixed)]),
      with: z.enum([',', ' ', '|', ';']).default(','),
    })
    .describe('One parameter with all values, joined. A value that holds the separator is refused.'),
  z
    .strictObject({ deep: z.record(z.string().min(1), z.union([fixed, z.array(fixed)])) })
    .describe('`name[member]=value`, a parameter for each member.'),
]);

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

const jsonTemplate: z.ZodType<Json> = z.lazy(() =>
  z.union([template, z.number(), z.boolean(), z.null(), z.array(jsonTemplate), z.record(z.string(), jsonTemplate)]),
);

/**
 * How a request is made. Each text is a template. A parameter, header or member whose placeholder has no value is left
 * out; a path needs all of its values.
 */
export const requestSource = z
  .strictObject({
    method: z.enum(['GET', 'POST', 'PUT']).default('GET').describe('PUT only where it reads, behind X-Road.'),
    path: pathTemplate.describe('Below the base address of the register: `/persons/{iin}`.'),
    query: z
      .record(z.string().min(1), queryValue)
      .default({})
      .describe('Parameters by name. `{name[]}` alone writes the parameter once for each value.'),
    headers: z
      .record(
        headerName.refine((name) => !OWN_HEADERS.includes(name.toLowerCase()), {
          error: 'is a header that the gateway sets itself',
        }),
        fixed.refine((value) => /^[\x20-\x7e]*$/.test(String(value)), 'must be printable ASCII'),
      )
      .default({}),
    body: jsonTemplate
      .optional()
      .describe('JSON. A text that is one placeholder becomes its value; `{name[]}` becomes a list.'),
    form: z
      .record(z.string().min(1), queryValue)
      .optional()
      .describe('Body of the type application/x-www-form-urlencoded, written like `query`.'),
    content_type: z
      .string()
      .regex(/^[A-Za-z0-9!#$&^_.+-]+\/[A-Za-z0-9!#$&^_.+-]+$/, 'is no media type')
      .optional()
      .describe('Media type of the body, where it is neither application/json nor that of a form.'),
  })
  .refine(({ body, form }) => body === undefined || form === undefined, {
    error: 'has a body and a form: a request has one of them',
  })
  .refine(({ method, body, form }) => method !== 'GET' || (body === undefined && form === undefined), {
    error: 'is a GET with a body: leave out `body` and `form`, or write `method: POST`',
  });

export type RequestSource = z.output<typeof requestSource>;
export type QueryValue = z.output<typeof queryValue>;
export type JsonTemplate = Json;
