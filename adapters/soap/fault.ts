import { SOAP } from './namespaces.js';
import { readXml, within } from './read-xml.js';

/** Whether a message is a SOAP 1.1 Fault (section 4.4): faults come unsigned, and only that it is one is read. */
export function isFault(message: string): boolean {
  let found = false;
  const body = within({
    [`${SOAP} Fault`]: {
      end: () => {
        found = true;
      },
    },
  });
  try {
    readXml(message, within({ [`${SOAP} Envelope`]: within({ [`${SOAP} Body`]: body }) }));
  } catch {
    return false;
  }
  return found;
}
