import { SOAP, SOAP_12 } from './namespaces.js';
import { childElements, ElementEvents, type ElementReader } from './read-xml.js';
import { scanInParts } from './scan-in-parts.js';

/**
 * Whether a message is a Fault (SOAP 1.1, section 4.4; SOAP 1.2, section 5.4). Faults are not signed, so that nothing else
 * of them is read.
 */
export async function isFault(message: string): Promise<boolean> {
  let found = false;
  const fault = { end: () => void (found = true) };
  const envelope = (namespace: string): readonly [string, ElementReader] => [
    `${namespace} Envelope`,
    childElements({ [`${namespace} Body`]: childElements({ [`${namespace} Fault`]: fault }) }),
  ];
  try {
    const root = childElements(Object.fromEntries([SOAP, SOAP_12].map(envelope)));
    await scanInParts(message, new ElementEvents(message, root));
  } catch {
    return false;
  }
  return found;
}
