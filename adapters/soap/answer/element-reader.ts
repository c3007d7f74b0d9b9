import { bareObject, isObject } from '../../../schemas/objects.js';
import { ALL_READ, type BeyondFinder, type Unread } from '../../mapping/unread.js';
import { XSI } from '../xml/namespaces.js';
import { unshared, type ElementReader } from '../xml/read-xml.js';
import { TEXT, type WantedElement } from './wanted-elements.js';
import type { XmlTag } from '../xml/tag.js';

/** Value of an element that is neither a text nor an object nor a list of them. Nothing reads it. */
export const UNREADABLE: unknown = Object.freeze([Object.freeze([])]);

export interface WantedReaderOptions {
  /** Whether an element of this namespace can be meant, at the top of the data or below it. */
  readonly accepts: (namespace: string, isTop: boolean) => boolean;
  /** Whether an element without content counts as absent. */
  readonly emptyIsAbsent: boolean;
  /** Notes each element and attribute that is not wanted. */
  readonly beyond: BeyondFinder;
}

/**
 * Reads the wanted elements into an object by local names. Texts are as they came, nil is null, and repeated elements are
 * always lists: empty if the parent came without them. An absent element is absent. The items of a list whose element is
 * reached through several others are in one list. `unread`: elements that the mapping reads and that are not wanted.
 */
export function wantedReader(
  wanted: WantedElement,
  into: Record<string, unknown>,
  options: WantedReaderOptions,
  unread: Unread,
): ElementReader {
  return objectReader(wanted, into, options, unread, true);
}

function objectReader(
  wanted: WantedElement,
  into: Record<string, unknown>,
  options: WantedReaderOptions,
  unread: Unread,
  isTop = false,
): ElementReader {
  const { children } = wanted;
  for (const [name, { repeated }] of children) if (repeated) into[name] ??= [];
  const reader: ElementReader = {
    child: (tag) => {
      const isMeant = options.accepts(tag.uri, isTop);
      const element = isMeant ? children.get(tag.local) : undefined;
      const left = isMeant ? unread.members.get(tag.local) : undefined;
      if (element === undefined) return wanted.isOpen ? undefined : unreadReader(tag, left, options);
      if (isNil(tag)) {
        readAttributes(tag, undefined, undefined, options, left);
        put(into, tag.local, element, null);
        return undefined;
      }
      return element.kind === 'leaf'
        ? leafReader(tag, into, element, options, left)
        : objectIn(tag, into, element, options, left);
    },
  };
  const text = children.get(TEXT);
  if (text !== undefined)
    reader.leaf = (value) => put(into, TEXT, text, value === undefined ? UNREADABLE : given(value, options));
  return reader;
}

function leafReader(
  tag: XmlTag,
  into: Record<string, unknown>,
  element: WantedElement,
  options: WantedReaderOptions,
  unread: Unread | undefined,
): ElementReader {
  readAttributes(tag, undefined, undefined, options, unread);
  return {
    child: (inner) => unreadReader(inner, unread?.members.get(inner.local), options),
    leaf: (text) => put(into, tag.local, element, text === undefined ? UNREADABLE : given(text, options)),
  };
}

/** Notes an element that is not wanted, and follows it to the fields that the mapping reads below it. */
function unreadReader(
  { attributes }: XmlTag,
  unread: Unread | undefined,
  options: WantedReaderOptions,
): ElementReader | undefined {
  options.beyond.note(unread);
  if (unread === undefined || unread.members.size === 0) return undefined;
  for (const { uri, local } of attributes) if (uri !== XSI) options.beyond.note(unread.members.get(`@${local}`));
  return { child: (tag) => unreadReader(tag, unread.members.get(tag.local), options) };
}

function given(text: string, { emptyIsAbsent }: WantedReaderOptions): string | null {
  return text === '' && emptyIsAbsent ? null : text;
}

function objectIn(
  tag: XmlTag,
  into: Record<string, unknown>,
  element: WantedElement,
  options: WantedReaderOptions,
  unread: Unread | undefined,
): ElementReader {
  const there = into[tag.local];
  const again = element.leads && isObject(there) ? there : undefined;
  if (again !== undefined) spoil(element, again);
  const made = again ?? bareObject();
  if (again === undefined) put(into, tag.local, element, made);
  readAttributes(tag, element, made, options, unread);
  return objectReader(element, made, options, unread ?? ALL_READ);
}

/**
 * An element that only leads to others came again. What may come more than once below it is collected; all else is there
 * for more than one, so that none of it can be read.
 */
function spoil(wanted: WantedElement, made: Record<string, unknown>): void {
  for (const [name, child] of wanted.children) {
    if (child.repeated) continue;
    if (!child.leads || child.kind === 'leaf') {
      made[name] = UNREADABLE;
      continue;
    }
    const inner = made[name];
    if (isObject(inner)) spoil(child, inner);
    else {
      const spoilt = bareObject();
      spoil(child, spoilt);
      if (inner === undefined) made[name] = spoilt;
    }
  }
}

function put(into: Record<string, unknown>, name: string, { repeated }: WantedElement, value: unknown): void {
  const there = into[name];
  if (repeated && Array.isArray(there)) there.push(value);
  else into[name] = Object.hasOwn(into, name) ? UNREADABLE : value;
}

function isNil({ attributes }: XmlTag): boolean {
  for (const { uri, local, value } of attributes)
    if (uri === XSI && local === 'nil' && (value === 'true' || value === '1')) return true;
  return false;
}

/** Those of XML itself say how to read. All others hold data. */
function readAttributes(
  { attributes }: XmlTag,
  wanted: WantedElement | undefined,
  into: Record<string, unknown> | undefined,
  { beyond }: WantedReaderOptions,
  unread: Unread | undefined,
): void {
  for (const { uri, local, value } of attributes) {
    const isType = uri === XSI && local === 'type';
    const child = wanted?.children.get(isType ? '@xsi:type' : `@${local}`);
    if (into !== undefined && child !== undefined && (uri !== XSI || isType))
      put(into, isType ? '@xsi:type' : `@${local}`, child, unshared(isType ? localName(value) : value));
    else if (uri !== XSI) beyond.note(unread?.members.get(`@${local}`));
  }
}

/** Returns a `QName` in a value without its prefix. */
function localName(value: string): string {
  return value.replace(/^\s*[^:\s]*:/, '').trim();
}
