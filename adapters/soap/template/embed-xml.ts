import { escapeXml } from '../xml/escape.js';

/** Returns how XML is written as the text of an element: escaped, or in a CDATA section. */
export function embedder(data: 'elements' | 'text' | 'cdata'): (xml: string) => string {
  if (data !== 'cdata') return escapeXml;
  // A section ends at the first "]]>". No value has one, because ">" is escaped.
  return (xml) => `<![CDATA[${xml.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}
