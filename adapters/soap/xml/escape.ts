/** Characters that XML 1.0 cannot hold (section 2.2), lone surrogates among them. */
const UNWRITABLE = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/**
 * Escapes a text for an element or a quoted attribute. Control characters are left out. Every value goes into a message
 * through this function.
 */
export function escapeXml(text: string): string {
  return text.replace(UNWRITABLE, '').replace(/[&<>"'\t\n\r]/g, (character) => REFERENCES[character] ?? '');
}
