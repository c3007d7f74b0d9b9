/** Whether a `Content-Type` names this media type and, if it names a charset, UTF-8. */
export function isUtf8(contentType: string, mediaType: RegExp): boolean {
  const [named = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  return mediaType.test(named) && (charset === undefined || /^"?utf-8"?$/.test(charset));
}
