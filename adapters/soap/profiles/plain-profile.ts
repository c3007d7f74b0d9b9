import { AnswerRefused } from '../answer-refused.js';
import type { FullSource } from '../source/full-form.js';
import type { DataReader, SoapProfile, SurroundingsReader } from './profile.js';
import type { ElementReader } from '../xml/read-xml.js';
import { compileTemplate } from '../template/compile-template.js';

/** Nothing but SOAP: document/literal. */
export function plainProfile({ names }: Pick<FullSource, 'names'>): SoapProfile {
  return {
    callIds: 'in_header',
    compile: (_name, { request }) => {
      const body = compileTemplate(request.body, names);
      const header = compileTemplate(request.header ?? {}, names);
      return ({ values }) => ({ header: header.write(values), body: body.write(values) });
    },
    read: (_asked, data) => plainReader(data),
  };
}

function plainReader({ elements }: DataReader): SurroundingsReader {
  return { body: elements, finish: () => ({ says: 'answered' }) };
}

/** Returns a reader of an element with XML in its text. One with elements is refused. */
export function textElement(onText: DataReader['text']): ElementReader {
  return {
    leaf: (xml) => {
      if (xml === undefined) throw new AnswerRefused('soap_unexpected');
      onText(xml);
    },
  };
}

/** Returns a reader of an element that holds the data as elements or, as the mapping says, as XML in its text. */
export function dataElement({ elements, text }: DataReader, isText: boolean): ElementReader {
  return isText ? textElement(text) : elements;
}
