import { XSI } from './namespaces.js';
import type { ElementReader, XmlTag } from './read-xml.js';
import type { WantedElement } from './wanted-elements.js';
import { bareObject } from '../../schemas/objects.js';

const XMLNS = 'http://www.w3.org/2000/xmlns/';

/** Value of an element that is neither a text nor an object nor a list of them. Nothing reads it. */
const UNREADABLE: unknown = Object.freeze([Object.freeze([])]);

export interface WantedReaderOptions {
  /** Namespace of the register's own elements. */
  readonly namespace: string;
  /** Local name of the element with the key of the record. It may come without being selected. */
  readonly key: string;
  /** Called once for each element or attribute beyond the selection. */
  readonly onBeyond: () => void;
  readonly onRecord: (record: Record<string, unknown>) => void;
}

/**
 * Reads the selected elements of a record into an object by local names. Texts are as they came, nil is null, and
 * repeated elements are always lists: empty if the parent came without them. An absent element is absent.
 */
export function wantedReader(wanted: WantedElement, { onRecord, ...options }: WantedReaderOptions): ElementReader {
  const record = bareObject();
  const reader = objectReader(wanted, record, options);
  return {
    child: (tag) => (isKeyOnly(tag, wanted, options) ? undefined : reader.child?.(tag)),
    end: () => onRecord(record),
  };
}

type ReaderOptions = Omit<WantedReaderOptions, 'onRecord'>;

function isKeyOnly({ uri, local }: XmlTag, wanted: WantedElement, { namespace, key }: ReaderOptions): boolean {
  return uri === namespace && local === key && !wanted.children.has(local);
}

function objectReader(wanted: WantedElement, into: Record<string, unknown>, options: ReaderOptions): ElementReader {
  for (const [name, { repeated }] of wanted.children) if (repeated) into[name] = [];
  return {
    child: (tag) => {
      const element = tag.uri === options.namespace ? wanted.children.get(tag.local) : undefined;
      if (element === undefined || carriesData(tag)) options.onBeyond();
      if (element === undefined) return undefined;
      const put = (value: unknown): void => putInto(into, tag.local, element, value);
      if (!isNil(tag)) return element.kind === 'leaf' ? leafReader(put, options) : objectIn(element, put, options);
      put(null);
      return undefined;
    },
  };
}

function leafReader(put: (value: unknown) => void, { onBeyond }: ReaderOptions): ElementReader {
  return {
    child: () => {
      onBeyond();
      return undefined;
    },
    leaf: (text) => put(text ?? UNREADABLE),
  };
}

function objectIn(element: WantedElement, put: (value: unknown) => void, options: ReaderOptions): ElementReader {
  const made = bareObject();
  put(made);
  return objectReader(element, made, options);
}

function putInto(into: Record<string, unknown>, name: string, { repeated }: WantedElement, value: unknown): void {
  const there = into[name];
  if (repeated && Array.isArray(there)) there.push(value);
  else into[name] = Object.hasOwn(into, name) ? UNREADABLE : value;
}

function isNil({ attributes }: XmlTag): boolean {
  return Object.values(attributes).some(
    ({ uri, local, value }) => uri === XSI && local === 'nil' && (value === 'true' || value === '1'),
  );
}

/** Attributes are never mapped. Those of XML itself say how to read; all others hold data of the person. */
function carriesData({ attributes }: XmlTag): boolean {
  return Object.values(attributes).some(({ uri }) => uri !== XMLNS && uri !== XSI);
}
