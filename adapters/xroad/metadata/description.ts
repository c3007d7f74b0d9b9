/** A member or subsystem that X-Road knows. */
export interface XroadClientEntry {
  /** `instance/class/member` or `instance/class/member/subsystem`. */
  readonly id: string;
  readonly name?: string | undefined;
}

/** A service that a subsystem offers. */
export interface XroadServiceEntry {
  /** `instance/class/member/subsystem/service`, with `/version` if it has one. */
  readonly id: string;
  /** `OPENAPI` and `REST`: PR-MREST; `SOAP`: PR-META. */
  readonly type: 'OPENAPI' | 'REST' | 'SOAP';
  /** Methods and paths of a REST service, as the security server has them. */
  readonly endpoints: readonly { readonly method: string; readonly path: string }[];
}

/** Parts of an identifier. */
export type Parts = readonly string[];

/** Why the security server gave no answer. */
export class MetadataFailure extends Error {
  constructor(
    message: string,
    /** The type of an X-Road error, such as `Server.ServerProxy.UnknownMember`. It holds no data. */
    readonly xroadError?: string,
  ) {
    super(xroadError === undefined ? message : `${message}: ${xroadError}`);
    this.name = 'MetadataFailure';
  }
}

/** Returns the type of an X-Road error (`faultcode`, `X-Road-Error`), or undefined for any other text. */
export function errorType(text: string | undefined): string | undefined {
  const type = text?.trim().replace(/^[\w-]+:/, '');
  return type !== undefined && /^(?:Client|Server)(?:\.[A-Za-z]{1,60}){0,5}$/.test(type) ? type : undefined;
}
