import { programBeside, runReading, type ReadingLimits } from '../../schemas/reading/reading-process.js';
import { describeReply, type DescribeReply, type DescribeRequest } from './protocol.js';

/** Limits of the process that reads a document: a published document is input. */
export const DESCRIBE_LIMITS: ReadingLimits = { timeMs: 20_000, memoryMb: 768, replyBytes: 32 * 1024 * 1024 };

export interface DescribedOptions {
  readonly program?: URL;
  readonly limits?: ReadingLimits;
}

/**
 * Reads a document in a process of its own, which has no environment, no configuration and limits of time, memory and
 * size. Resolves with what it made of the document, or with what is wrong. Rejects never.
 */
export async function described(
  request: DescribeRequest,
  { program = programBeside(import.meta.url, 'program'), limits = DESCRIBE_LIMITS }: DescribedOptions = {},
): Promise<DescribeReply> {
  const replies: unknown[] = [];
  const onReply = (reply: unknown): void => void replies.push(reply);
  const end = await runReading({ program, request, replies: 1, limits, onReply });
  const beyond = (limit: string): DescribeReply => ({
    fault: { place: '#', message: `cannot be read within ${limit}` },
  });
  switch (end) {
    case 'time':
      return beyond(`${limits.timeMs / 1000} s`);
    // It ends without a reply if it needs more memory than it may have.
    case 'ended':
      return beyond(`${limits.memoryMb} MB`);
    case 'size':
      return beyond(`${limits.replyBytes} bytes of what is made of it`);
    case 'not_started':
      return { broken: 'the process that reads documents cannot be started' };
    case 'unreadable':
    case 'replied': {
      const { data } = describeReply.safeParse(replies[0]);
      return data ?? { broken: 'the process that reads documents did not answer with a description' };
    }
  }
}
