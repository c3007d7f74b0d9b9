import { Numeral } from '../../schemas/numeral.js';
import { ownMember } from '../../schemas/objects.js';
import type { OnBehalfOf } from '../port.js';
import type { ConsentToken } from './consent-tokens.js';
import type { TemplateValues } from './template/compile-template.js';

/** A value that has no place in a text. The error holds its name only. */
export class ValueRefused extends Error {
  readonly placeholder: string;
  constructor(placeholder: string) {
    super(`{${placeholder}} is no text, number or boolean`);
    this.name = 'ValueRefused';
    this.placeholder = placeholder;
  }
}

export interface QuestionContext {
  readonly requestId: string;
  readonly messageId: string;
  readonly callId: string | undefined;
  readonly now: string;
  readonly onBehalfOf: OnBehalfOf | undefined;
  readonly constants: Readonly<Record<string, string | number>>;
  /** Names of the elements that are read. */
  readonly select: readonly string[];
  readonly uuid: () => string;
  /** A token for each key, in their order. Empty if the message holds none. */
  readonly consents: readonly ConsentToken[];
}

/** The fields of one key, by name. */
export type KeyFields = Readonly<Record<string, unknown>>;

const CONSTANT = 'constant.';
export const CONSENT_TOKEN = 'consent.token';
export const CONSENT_KEY = 'consent.key';

/**
 * Returns the values of one message: of its keys, of the arguments, and of the context. A name that is several of these is
 * that of the context first, then of a key. Reading one throws {@link ValueRefused} for an object.
 */
export function questionValues(
  context: QuestionContext,
  keys: readonly KeyFields[],
  args: Readonly<Record<string, unknown>>,
): TemplateValues {
  const [only] = keys.length === 1 ? keys : [];
  return {
    one: (name) => {
      const known = CONTEXT[name];
      if (known !== undefined) return known(context);
      if (name.startsWith(CONSTANT)) return textOf(name, ownMember(context.constants, name.slice(CONSTANT.length)));
      return textOf(name, (only && ownMember(only, name)) ?? ownMember(args, name));
    },
    many: (name) => {
      if (name === 'select') return context.select;
      if (name === CONSENT_TOKEN) return context.consents.map(({ token }) => token);
      if (name === CONSENT_KEY) return context.consents.map(({ key = '' }) => key);
      const listed = ownMember(args, name);
      const all = keys.some((key) => ownMember(key, name) !== undefined)
        ? keys.map((key) => ownMember(key, name))
        : Array.isArray(listed)
          ? listed
          : [listed];
      return all.flatMap((value) => textOf(name, value) ?? []);
    },
  };
}

const CONTEXT: Readonly<Record<string, (context: QuestionContext) => string | undefined>> = Object.assign(
  Object.create(null) as Record<string, never>,
  {
    purpose: ({ onBehalfOf }: QuestionContext) => onBehalfOf?.purpose,
    'case.number': ({ onBehalfOf }: QuestionContext) => onBehalfOf?.case?.number,
    'case.agency': ({ onBehalfOf }: QuestionContext) => onBehalfOf?.case?.agency,
    request_id: ({ requestId }: QuestionContext) => requestId,
    call_id: ({ callId }: QuestionContext) => callId,
    message_id: ({ messageId }: QuestionContext) => messageId,
    now: ({ now }: QuestionContext) => now,
    uuid: ({ uuid }: QuestionContext) => uuid(),
    select: ({ select }: QuestionContext) => select.join(','),
    [CONSENT_TOKEN]: ({ consents }: QuestionContext) => (consents.length === 1 ? consents[0]?.token : undefined),
    [CONSENT_KEY]: ({ consents }: QuestionContext) => (consents.length === 1 ? consents[0]?.key : undefined),
  },
);

function textOf(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object' && !(value instanceof Numeral)) throw new ValueRefused(name);
  return typeof value === 'string' ? value : String(value as number | boolean | bigint | Numeral);
}
