/** A file of detection rules cannot be used. The message begins with its file and line, and names the key. */
export class DetectionRuleInvalid extends Error {
  constructor(
    readonly place: { readonly file: string; readonly line?: number | undefined; readonly key?: string | undefined },
    problem: string,
    options?: ErrorOptions,
  ) {
    const { file, line, key = '' } = place;
    super(`${file}${line === undefined ? '' : `:${line}`}: ${key === '' ? '' : `${key}: `}${problem}`, options);
    this.name = 'DetectionRuleInvalid';
  }
}
