import { replaceRounded } from '../../schemas/json/rounded-numerals.js';
import { CommandFailure } from './command-failure.js';
import type { ClientProfile } from './client/profile.js';
import type { AccessRequest } from './client/access.js';

/** Collects a repeatable option. */
export function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

/** `name=value` (a text) or `name:=json` into variables. */
export function parseVariables(pairs: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(pairs.map(parseVariable));
}

function parseVariable(pair: string): readonly [string, unknown] {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)(:?=)(.*)$/s.exec(pair);
  if (match === null)
    throw new CommandFailure('usage', '--var takes name=value, or name:=json for a value that is not a text');
  const [, name = '', sign, value = ''] = match;
  return [name, sign === ':=' ? parseJson(name, value) : value];
}

function parseJson(name: string, text: string): unknown {
  const value = parsedJson(name, text);
  if (replaceRounded(text, 'null') !== text)
    throw new CommandFailure(
      'usage',
      `--var ${name} has a number that would be rounded`,
      `Send it as a text: --var ${name}=NUMBER`,
    );
  return value;
}

function parsedJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandFailure('usage', `the value of --var ${name} is not JSON`);
  }
}

/** Purpose and case of a token: named, or the profile's only purpose; the case is led by the profile's agency unless written `agency/number`. */
export function accessRequest(
  profile: ClientProfile,
  named: { readonly purpose?: string | undefined; readonly case?: string | undefined },
): AccessRequest {
  const purpose = named.purpose ?? (profile.purposes.length === 1 ? profile.purposes[0] : undefined);
  if (purpose === undefined)
    throw new CommandFailure(
      'usage',
      `say for which purpose "${profile.clientId}" asks: --purpose ${profile.purposes.join(' | ') || 'NAME'}`,
    );
  if (named.case === undefined) return { purpose };
  const [agency, number] = splitCase(named.case, profile);
  return { purpose, case: { agency, number } };
}

function splitCase(text: string, profile: ClientProfile): readonly [string, string] {
  const slash = text.indexOf('/');
  if (slash > 0) return [text.slice(0, slash), text.slice(slash + 1)];
  if (profile.agency === undefined) throw new CommandFailure('usage', 'write the case as AGENCY/NUMBER');
  return [profile.agency, text];
}
