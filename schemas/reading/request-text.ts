import { isObject } from '../objects.js';

/** What is sent to a process that reads documents, as one line of JSON. Bytes are written in base64. */
export function requestText(request: unknown): string {
  return JSON.stringify(request, function (this: Record<string, unknown>, name, value: unknown) {
    // `toJSON` of a Buffer has already run on `value`.
    const given = this[name];
    return given instanceof Uint8Array ? { base64: Buffer.from(given).toString('base64') } : value;
  });
}

/** Returns the request that {@link requestText} wrote. */
export function readRequestText(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) =>
    isObject(value) && typeof value['base64'] === 'string' && Object.keys(value).length === 1
      ? new Uint8Array(Buffer.from(value['base64'], 'base64'))
      : value,
  );
}
