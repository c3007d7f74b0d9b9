import { instantMs } from '../../../schemas/time/instant.js';
import { WSU } from '../namespaces.js';
import { readXml, XmlRefused, type ElementReader } from '../read-xml.js';

/** Greatest difference of clocks, and greatest age of a message. */
const TOLERANCE_MS = 5 * 60_000;

/**
 * Returns the end of a signed wsu:Timestamp in milliseconds since the epoch. Throws {@link XmlRefused} if it is not
 * valid at `now`.
 */
export function checkTimestamp(xml: string, now: Date): { readonly expiresAt: number } {
  const texts = new Map<string, string>();
  const leaf = (name: string): ElementReader => ({
    leaf: (text) => {
      if (typeof text !== 'string' || texts.has(name)) throw new XmlRefused('timestamp_missing');
      texts.set(name, text);
    },
  });
  const timestamp: ElementReader = {
    child: ({ uri, local }) => (uri === WSU && (local === 'Created' || local === 'Expires') ? leaf(local) : undefined),
  };
  readXml(xml, { child: ({ uri, local }) => (uri === WSU && local === 'Timestamp' ? timestamp : undefined) });
  const [created, expiresAt] = ['Created', 'Expires'].map((name) => momentOf(texts.get(name)));
  if (created === undefined || expiresAt === undefined) throw new XmlRefused('timestamp_missing');
  const at = now.getTime();
  if (
    Math.abs(created - at) > TOLERANCE_MS ||
    expiresAt <= created ||
    expiresAt < at - TOLERANCE_MS ||
    expiresAt > at + 2 * TOLERANCE_MS
  )
    throw new XmlRefused('timestamp_stale');
  // After its end, a message is accepted for as long as clocks may differ.
  return { expiresAt: expiresAt + TOLERANCE_MS };
}

/** xs:dateTime in UTC, as WS-Security requires (section 10). */
function momentOf(text: string | undefined): number | undefined {
  return text?.endsWith('Z') ? instantMs(text) : undefined;
}
