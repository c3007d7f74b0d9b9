import type { Response } from 'express';
import type { Hosted } from './hosted.js';

/**
 * The last gate before bytes: whatever Apollo Server wants to send for a planned request leaves only
 * once something was recorded for it; else `refuse` answers in its place. No trace, no answer.
 */
export function releaseOnlyRecorded(response: Response, hosted: Hosted, refuse: () => Promise<void>): void {
  const send = response.send.bind(response);
  response.send = (body) => {
    if (hosted.recorded !== undefined) return send(body);
    void refuse();
    return response;
  };
}
