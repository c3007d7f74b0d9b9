import { callOn, MAX_LINE, type LogLine } from './log-line.js';
import { textLines } from './text-lines.js';

/** A table that has no column `callId`, so that no call can be read of it. */
export class NoCallColumn extends Error {}

/**
 * Reads a call in each record of a CSV file (RFC 4180) with a head: `callId`, and `requestInTs` and `responseOutTs` if the
 * log has them. Cells are separated by commas, or by semicolons if the head is. Rejects with {@link NoCallColumn}.
 */
export async function* readCsvLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<LogLine> {
  let head: Head | undefined;
  for await (const record of records(bytes, () => head?.separator)) {
    if ('fault' in record) {
      if (head === undefined) throw new NoCallColumn();
      yield { kind: 'broken', ...record };
    } else if (head === undefined) head = headOf(record.text);
    else if (record.text !== '') yield callOfCells(record.line, cellsOf(record.text, head.separator), head);
  }
  if (head === undefined) throw new NoCallColumn();
}

interface Head {
  readonly separator: string;
  readonly names: readonly string[];
}

type CsvRecord =
  | { readonly line: number; readonly text: string }
  | { readonly line: number; readonly fault: 'length' | 'encoding' | 'end' };

/** Joins the lines of a record whose quoted cells have line breaks. */
async function* records(
  bytes: AsyncIterable<Uint8Array>,
  separator: () => string | undefined,
): AsyncGenerator<CsvRecord> {
  let open: { readonly line: number; readonly text: string } | undefined;
  for await (const read of textLines(bytes)) {
    if ('fault' in read) {
      yield read;
      open = undefined;
      continue;
    }
    const joined = open === undefined ? read : { line: open.line, text: `${open.text}\n${read.text}` };
    if (joined.text.length > MAX_LINE) {
      yield { line: joined.line, fault: 'length' };
      open = undefined;
    } else if (isOpen(joined.text, separator())) open = joined;
    else {
      yield joined;
      open = undefined;
    }
  }
  if (open !== undefined) yield { line: open.line, fault: 'end' };
}

/** Whether a text ends within a quoted cell. */
function isOpen(text: string, separator = separatorOf(text)): boolean {
  return cellsOf(text, separator) === 'open';
}

function separatorOf(head: string): string {
  return head.includes(';') && !head.includes(',') ? ';' : ',';
}

function headOf(text: string): Head {
  const separator = separatorOf(text);
  const names = cellsOf(text, separator);
  if (typeof names === 'string' || !names.includes('callId')) throw new NoCallColumn();
  return { separator, names };
}

function callOfCells(line: number, cells: ReturnType<typeof cellsOf>, { names }: Head): LogLine {
  if (typeof cells === 'string' || cells.length !== names.length) return { kind: 'broken', line, fault: 'cells' };
  const cell = (name: string): string | undefined => cells[names.indexOf(name)];
  return callOn(line, {
    id: cell('callId'),
    requestInTs: cell('requestInTs'),
    responseOutTs: cell('responseOutTs'),
  });
}

/** Returns the cells of a record; `open` if it ends within quotes, `broken` if something follows closing quotes. */
function cellsOf(text: string, separator: string): readonly string[] | 'open' | 'broken' {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] === '"') {
      const end = closingQuote(text, at + 1);
      if (end < 0) return 'open';
      cells.push(text.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1;
      if (at < text.length && text[at] !== separator) return 'broken';
    } else {
      const end = text.indexOf(separator, at);
      cells.push(text.slice(at, end < 0 ? undefined : end));
      at = end < 0 ? text.length : end;
    }
    if (at >= text.length) return cells;
    at += 1;
  }
}

/** Returns the position of the quote that ends a cell; -1 if none does. Two quotes are one of its text. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) if (text[at + 1] !== '"') return at;
  return -1;
}
