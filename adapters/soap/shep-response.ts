import type { SoapSource } from './source.js';
import { wantedReader } from './element-reader.js';
import { SHEP_TYPES, SOAP } from './namespaces.js';
import { readXml, childElements, XmlRefused, type ElementReader } from './read-xml.js';
import type { WantedElement } from './wanted-elements.js';

/** The status of a response and the keys of its records, without the data of the records. */
export interface ResponseOutline {
  readonly messageId: string;
  readonly correlationId: string;
  /** When it was made, as it says. */
  readonly responseDate: string | undefined;
  readonly statusCode: string;
  /** Key of each record, in order; undefined for a record without one, or with more. */
  readonly recordKeys: readonly (string | undefined)[];
  readonly absentKeys: readonly string[];
  /** True if there is anything other than records and absences. */
  readonly hasMore: boolean;
}

/**
 * Reads which keys are in a response. `body` is the signed soap:Body. Throws {@link XmlRefused} if it is no response.
 */
export function readOutline(body: string, { namespace, response }: SoapSource): ResponseOutline {
  const texts = new Map<string, string>();
  const once = (name: string): ElementReader => ({
    leaf: (text) => {
      if (text === undefined || texts.has(name)) throw new XmlRefused('soap_unexpected');
      texts.set(name, text);
    },
  });
  const recordKeys: (string | undefined)[] = [];
  const absentKeys: string[] = [];
  const absent: ElementReader = { leaf: (text) => void absentKeys.push(text ?? '') };
  const info = childElements({
    ' messageId': once('messageId'),
    ' correlationId': once('correlationId'),
    ' responseDate': once('responseDate'),
    ' status': childElements({ ' code': once('code') }),
  });
  let hasMore = false;
  const data: ElementReader = {
    child: ({ uri, local }) => {
      if (uri === namespace && local === response.absent) return absent;
      if (uri === namespace && local === response.record)
        return keyReader(namespace, response.key, (key) => recordKeys.push(key));
      hasMore = true;
      return undefined;
    },
  };
  readXml(body, responseReader(info, childElements({ [`${namespace} ${response.element}`]: data })));
  const [messageId, correlationId, statusCode] = ['messageId', 'correlationId', 'code'].map((name) => texts.get(name));
  if (messageId === undefined || correlationId === undefined || statusCode === undefined)
    throw new XmlRefused('envelope_missing');
  return {
    messageId,
    correlationId,
    responseDate: texts.get('responseDate'),
    statusCode,
    recordKeys,
    absentKeys,
    hasMore,
  };
}

function keyReader(namespace: string, key: string, onKey: (key: string | undefined) => void): ElementReader {
  const keys: (string | undefined)[] = [];
  return {
    child: ({ uri, local }) =>
      uri === namespace && local === key ? { leaf: (text) => void keys.push(text) } : undefined,
    end: () => onKey(keys.length === 1 ? keys[0] : undefined),
  };
}

export interface ReadRecords {
  /** By their position in the response. */
  readonly records: ReadonlyMap<number, Record<string, unknown>>;
  /** Whether a record held more than its wanted elements. */
  readonly beyond: boolean;
}

/** Reads the wanted elements of the records at these positions. It skips all other records. */
export function readRecords(
  body: string,
  { namespace, response }: SoapSource,
  wanted: WantedElement,
  places: ReadonlySet<number>,
): ReadRecords {
  const records = new Map<number, Record<string, unknown>>();
  let beyond = false;
  let next = 0;
  const data: ElementReader = {
    child: ({ uri, local }) => {
      if (uri !== namespace || local !== response.record) return undefined;
      const place = next++;
      if (!places.has(place)) return undefined;
      return wantedReader(wanted, {
        namespace,
        key: response.key,
        onBeyond: () => (beyond = true),
        onRecord: (record) => records.set(place, record),
      });
    },
  };
  readXml(body, responseReader({}, childElements({ [`${namespace} ${response.element}`]: data })));
  return { records, beyond };
}

/** Returns the reader that leads from the Body to SHEP's info about the message and to the register's data. */
function responseReader(info: ElementReader, data: ElementReader): ElementReader {
  const response = childElements({ ' responseInfo': info, ' responseData': childElements({ ' data': data }) });
  return childElements({
    [`${SOAP} Body`]: childElements({
      [`${SHEP_TYPES} SendMessageResponse`]: childElements({ ' response': response }),
    }),
  });
}
