/** What begins a formula in a spreadsheet, or hides one: a cell that begins so gets an apostrophe before it (OWASP, CSV Injection). */
const FORMULA = /^[=+\-@\t\r]/;
const QUOTED = /[",\r\n]/;

/**
 * Returns one record of a CSV file with its line end (RFC 4180): CRLF; a cell with a comma, quote or line break is in
 * quotes, and each quote of it is written twice. No cell begins with `=`, `+`, `-`, `@`, a tab or a carriage return, so that no spreadsheet
 * takes it for a formula.
 */
export function csvRecord(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return QUOTED.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
