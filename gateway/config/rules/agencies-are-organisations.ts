import { checkDigit } from '../../../schemas/identifiers/iin.js';
import type { ConfigRule } from './rule.js';

/** Agencies are told apart by id and BIN, and a BIN's check digit is right. */
export const agenciesAreOrganisations: ConfigRule = ({ authentication: { agencies } }) =>
  agencies.flatMap(({ id, bin }, position) => {
    const path = (key: string) => ['authentication', 'agencies', position, key];
    return [
      ...(checkDigit(bin.slice(0, 11)) === Number(bin[11])
        ? []
        : [{ path: path('bin'), problem: 'is not a BIN: its check digit is wrong' }]),
      ...(agencies.findIndex((other) => other.id === id) === position
        ? []
        : [{ path: path('id'), problem: 'is given twice' }]),
      ...(agencies.findIndex((other) => other.bin === bin) === position
        ? []
        : [{ path: path('bin'), problem: 'is given twice' }]),
    ];
  });
