import type { OnBehalfOf } from '../../port.js';
import type { SoapOperation } from '../source/operations-source.js';
import type { ElementReader } from '../xml/read-xml.js';
import type { TemplateValues } from '../template/compile-template.js';

/** What is particular to one message. */
export interface QuestionFacts {
  readonly messageId: string;
  /** Id of the call. Absent if the mapping says `call_id: none`. */
  readonly callId: string | undefined;
  /** The time, as the register writes times. */
  readonly now: string;
  readonly onBehalfOf: OnBehalfOf | undefined;
  readonly values: TemplateValues;
}

/** The parts of a message: blocks of the SOAP header, and the content of the Body. Both are XML. */
export interface QuestionParts {
  readonly header: string;
  readonly body: string;
}

/** What stands around the data of an answer. */
export interface Surroundings {
  /** Id of the answer, to be taken once. Undefined if it has none. */
  readonly messageId?: string | undefined;
  /** When the answer was made, as it says. */
  readonly date?: string | undefined;
  readonly says: 'answered' | 'absent' | 'declined';
}

/** Reads what stands around the data of one answer. */
export interface SurroundingsReader {
  /** Reads the SOAP header. Absent if nothing of it counts. */
  readonly header?: ElementReader | undefined;
  readonly body: ElementReader;
  /** To be called once the message is read. Throws {@link AnswerRefused} if it does not answer the question. */
  finish(): Surroundings;
}

/** Reads the data of an answer: its elements, or the text that holds them as XML. */
export interface DataReader {
  readonly elements: ElementReader;
  readonly text: (xml: string) => void;
}

/**
 * What stands around the data in the messages of a register.
 *
 * Contract: `compile` is called once for each operation and throws for one that it cannot ask. `read` is called for each
 * reading of an answer. `request` is the text that was sent.
 */
export interface SoapProfile {
  /** Where calls carry their ids: as the id of the message, somewhere else in it, or in a header of HTTP. */
  readonly callIds: 'as_message_id' | 'in_message' | 'in_header';
  compile(name: string, operation: SoapOperation): (facts: QuestionFacts) => QuestionParts;
  read(asked: Asked, data: DataReader): SurroundingsReader;
  /** The reason of a Fault with these codes. */
  readonly faultReason?: (codes: readonly string[]) => 'soap_fault' | 'xroad_error' | 'access_refused';
}

/** The message that an answer must belong to. */
export interface Asked {
  readonly operation: string;
  readonly facts: Pick<QuestionFacts, 'messageId' | 'onBehalfOf'>;
  /** The text that was sent. */
  readonly request: string;
}
