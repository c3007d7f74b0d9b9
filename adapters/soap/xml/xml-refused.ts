import type { FailureReason } from '../../../schemas/failures/register-failure.js';

/**
 * XML that is refused: not well-formed, with a DOCTYPE or a processing instruction, too deep, or of another version than
 * 1.0. The message holds nothing of it.
 */
export class XmlRefused extends Error {
  readonly reason: FailureReason;
  constructor(reason: FailureReason) {
    super('the XML is not taken');
    this.name = 'XmlRefused';
    this.reason = reason;
  }
}
