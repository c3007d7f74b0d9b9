/** A part of a multipart message (RFC 2046, section 5.1). */
export interface MessagePart {
  /** Lower case, without parameters. Empty if the part names none. */
  readonly contentType: string;
  readonly body: Buffer;
}

/** Far more than a description and its envelope. */
const MAX_PARTS = 16;

/** Returns the parts of a `multipart/related` body; undefined if the type names no boundary, or the body is not so built. */
export function partsOf(contentType: string, body: Buffer): readonly MessagePart[] | undefined {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType);
  const name = boundary?.[1] ?? boundary?.[2];
  if (name === undefined) return undefined;
  const delimiter = Buffer.from(`--${name}`, 'latin1');
  const parts: MessagePart[] = [];
  let at = body.indexOf(delimiter);
  while (at >= 0 && parts.length < MAX_PARTS) {
    const start = at + delimiter.length;
    if (body.subarray(start, start + 2).toString('latin1') === '--') return parts;
    const next = body.indexOf(Buffer.from(`\r\n--${name}`, 'latin1'), start);
    if (next < 0) return undefined;
    const part = partOf(body.subarray(start, next));
    if (part === undefined) return undefined;
    parts.push(part);
    at = next + 2;
  }
  return undefined;
}

function partOf(bytes: Buffer): MessagePart | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = bytes.subarray(0, end).toString('latin1');
  const content = bytes.subarray(end + 4);
  const isBase64 = /^content-transfer-encoding:\s*base64\s*$/im.test(head);
  return {
    contentType: (/^content-type:\s*([^\s;]+)/im.exec(head)?.[1] ?? '').toLowerCase(),
    body: isBase64 ? Buffer.from(content.toString('latin1'), 'base64') : content,
  };
}
