import { z } from 'zod';

/** Header in which a call over HTTP carries its id, and the name of its property in a SOAP message. */
export const CALL_ID = 'Tereze-Call';

/** Part of every `source.yaml`: whether calls carry their ids to the register. */
export const callIdSource = {
  /**
   * `none`: calls carry no id, because the register refuses what it does not know. Its own log can then not be matched
   * with the audit log call by call.
   */
  call_id: z.literal('none').optional(),
};

/** Whether the mapping lets calls carry their ids. */
export function carriesCallId({ call_id: callId }: { readonly call_id?: 'none' | undefined }): boolean {
  return callId !== 'none';
}
