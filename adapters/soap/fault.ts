import { SOAP } from './namespaces.js';
import { readXml, childElements } from './read-xml.js';

/** Whether a message is a SOAP 1.1 Fault (section 4.4). Faults are not signed, so that nothing else of them is read. */
export function isFault(message: string): boolean {
  let found = false;
  const body = childElements({
    [`${SOAP} Fault`]: {
      end: () => {
        found = true;
      },
    },
  });
  try {
    readXml(message, childElements({ [`${SOAP} Envelope`]: childElements({ [`${SOAP} Body`]: body }) }));
  } catch {
    return false;
  }
  return found;
}
