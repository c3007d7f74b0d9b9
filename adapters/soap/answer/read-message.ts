import { bareObject } from '../../../schemas/objects.js';
import type { Path } from '../../mapping/path.js';
import { AnswerRefused } from '../answer-refused.js';
import type { AnswerTree } from './answer-tree.js';
import { BeyondFinder } from '../../mapping/unread.js';
import { wantedReader, type WantedReaderOptions } from './element-reader.js';
import type { FullSource } from '../source/full-form.js';
import { SOAP, SOAP_12 } from '../xml/namespaces.js';
import { textElement } from '../profiles/plain-profile.js';
import type { Asked, SoapProfile, Surroundings } from '../profiles/profile.js';
import { childElements, ElementEvents, readXml, type ElementReader } from '../xml/read-xml.js';
import type { BodyReading } from '../signing/port.js';

/** What is compiled once to read the answers of a register. */
export interface MessageFormat {
  readonly profile: SoapProfile;
  readonly envelope: string;
  readonly accepts: WantedReaderOptions['accepts'];
  readonly emptyIsAbsent: boolean;
  readonly isText: boolean;
}

export function messageFormat(source: FullSource, profile: SoapProfile): MessageFormat {
  return {
    profile,
    envelope: source.version === '1.2' ? SOAP_12 : SOAP,
    accepts: namespaceCheck(source),
    emptyIsAbsent: source.empty === 'absent',
    isText: source.data !== 'elements',
  };
}

function namespaceCheck({ elements, namespace, namespaces }: FullSource): WantedReaderOptions['accepts'] {
  const own = new Set([...(namespace === undefined ? [] : [namespace]), ...Object.values(namespaces)]);
  if (elements === 'qualified') return (uri) => own.has(uri);
  if (elements === 'unqualified') return (uri, isTop) => (isTop ? own.has(uri) : uri === '');
  return (uri) => uri === '' || own.has(uri);
}

export interface ReadMessage {
  /** The data by local names, as far as it is wanted. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly surroundings: Surroundings;
  /** What the data held that is not wanted. */
  readonly beyond: BeyondFinder;
}

/** What a message says. `absent`: a Fault, by which the register says that it has no such record. */
export type MessageRead = ReadMessage | 'absent';

/**
 * Returns what reads the wanted data of one answer: of the whole message, or of its Body alone where only that is signed.
 * Its events throw {@link AnswerRefused} for what does not answer the question, and `XmlRefused` for data in a text that is
 * no XML that is taken; `finish` throws it for a Fault, too.
 */
export function messageReading(
  asked: Asked,
  { operation, tree, unread }: AnswerTree,
  format: MessageFormat,
  isBody: boolean,
): BodyReading<MessageRead> {
  const { profile, envelope, isText } = format;
  const data = bareObject();
  const beyond = new BeyondFinder();
  const { accepts, emptyIsAbsent } = format;
  const reader = wantedReader(tree, data, { accepts, emptyIsAbsent, beyond }, unread);
  const readText = (text: string): void => readXml(text.trim(), reader);
  const { document } = operation.answer;
  const elements = isText && document !== undefined ? alongPath(document, readText) : reader;
  const around = profile.read(asked, { elements, text: readText });
  const fault = new FaultReader();
  let bodies = 0;
  const body: ElementReader = {
    ...around.body,
    child: (tag) => (tag.uri === envelope && tag.local === 'Fault' ? fault.begin() : around.body.child?.(tag)),
  };
  const inEnvelope: ElementReader = {
    child: ({ uri, local }) => {
      if (uri !== envelope) return undefined;
      if (local === 'Header') return around.header;
      if (local !== 'Body') return undefined;
      bodies += 1;
      return body;
    },
  };
  const root = isBody ? inEnvelope : childElements({ [`${envelope} Envelope`]: inEnvelope });
  return {
    begin: (text) => new ElementEvents(text, root),
    finish: () => {
      if (bodies !== 1) throw new AnswerRefused('envelope_missing');
      if (fault.codes === undefined) return { data, surroundings: around.finish(), beyond };
      const absentCodes = operation.answer.not_found.fault ?? [];
      if (fault.codes.some((code) => absentCodes.includes(code))) return 'absent';
      throw new AnswerRefused(profile.faultReason?.(fault.codes) ?? 'soap_fault');
    },
  };
}

/** Returns what reads a message in several ways at once. What all read is there when each has read it. */
export function readTogether<Read>(readings: readonly BodyReading<Read>[]): BodyReading<readonly Read[]> {
  return {
    begin: (text) => {
      const all = readings.map((reading) => reading.begin(text));
      const [only] = all;
      if (only !== undefined && all.length === 1) return only;
      return {
        open: (tag, from, to) => all.forEach((events) => events.open(tag, from, to)),
        text: (from, to, value) => all.forEach((events) => events.text(from, to, value)),
        close: (tag, from, to) => all.forEach((events) => events.close(tag, from, to)),
      };
    },
    finish: () => readings.map((reading) => reading.finish()),
  };
}

function alongPath([first, ...rest]: Path, onText: (text: string) => void): ElementReader {
  return {
    child: ({ local }) => {
      if (local !== first) return undefined;
      return rest.length > 0 ? alongPath(rest, onText) : textElement(onText);
    },
  };
}

/** Collects the codes of a Fault: `faultcode` (SOAP 1.1, section 4.4), Code and Subcode (SOAP 1.2, section 5.4). */
class FaultReader {
  codes: string[] | undefined;

  begin(): ElementReader {
    this.codes ??= [];
    return { child: (tag) => this.#in(tag.local) };
  }

  #in(name: string): ElementReader | undefined {
    if (name === 'faultcode' || name === 'Value')
      return { leaf: (text = '') => void this.codes?.push(text.trim().replace(/^[^:]*:/, '')) };
    return name === 'Code' || name === 'Subcode' ? { child: (tag) => this.#in(tag.local) } : undefined;
  }
}
