import { SHEP_TYPES, SOAP } from '../../../adapters/soap/xml/namespaces.js';
import { readXml, childElements, type ElementReader } from '../../../adapters/soap/xml/read-xml.js';

/** Namespace of the register's own elements. */
export const NAMESPACE = 'urn:tereze:demo:population:v1';

/** What a `SendMessage` asks. Texts that were not there are empty. */
export interface PersonsQuestion {
  readonly messageId: string;
  readonly serviceId: string;
  readonly senderId: string;
  readonly password: string;
  readonly iins: readonly string[];
}

/** Reads the signed Body of a question. Throws for what is no XML. */
export function readQuestion(body: string): PersonsQuestion {
  const texts = { messageId: '', serviceId: '', senderId: '', password: '' };
  const iins: string[] = [];
  const text = (name: keyof typeof texts): ElementReader => ({ leaf: (value) => void (texts[name] = value ?? '') });
  const info = childElements({
    ' messageId': text('messageId'),
    ' serviceId': text('serviceId'),
    ' sender': childElements({ ' senderId': text('senderId'), ' password': text('password') }),
  });
  const data = childElements({
    [`${NAMESPACE} personsRequest`]: childElements({
      [`${NAMESPACE} iin`]: { leaf: (iin) => void iins.push(iin ?? '') },
    }),
  });
  const request = childElements({ ' requestInfo': info, ' requestData': childElements({ ' data': data }) });
  readXml(
    body,
    childElements({
      [`${SOAP} Body`]: childElements({ [`${SHEP_TYPES} SendMessage`]: childElements({ ' request': request }) }),
    }),
  );
  return { ...texts, iins };
}
