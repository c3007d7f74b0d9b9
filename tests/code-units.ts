import fc from 'fast-check';

/**
 * Any UTF-16 code unit, halves of surrogate pairs among them. The `binary` unit of fast-check makes
 * the same texts, but takes a second for a table of all characters first.
 */
export const codeUnit: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: 0xffff })
  .map((code) => String.fromCharCode(code));
