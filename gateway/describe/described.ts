import { fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DescribeReply, DescribeRequest } from './protocol.js';

/** Limits of the process that reads a document: a published document is input. */
export const DESCRIBE_LIMITS = { timeMs: 20_000, memoryMb: 768 };

/** The program beside this module, with the same extension: TypeScript in development, JavaScript in an installation. */
const PROGRAM = new URL(`./program${extname(fileURLToPath(import.meta.url))}`, import.meta.url);

/**
 * Reads a document in a process of its own, which has no environment, no configuration and limits of time and memory.
 * Resolves with what it made of the document, or with what is wrong. Rejects never.
 */
export function described(
  request: DescribeRequest,
  {
    program = PROGRAM,
    limits = DESCRIBE_LIMITS,
  }: { readonly program?: URL; readonly limits?: typeof DESCRIBE_LIMITS } = {},
): Promise<DescribeReply> {
  const inherited = process.execArgv.filter((argument) => !argument.startsWith('--inspect'));
  const child = fork(program, [], {
    env: {},
    execArgv: [...inherited, `--max-old-space-size=${limits.memoryMb}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return new Promise((resolve) => {
    const beyond = (limit: string): DescribeReply => ({
      fault: { place: '#', message: `cannot be read within ${limit}` },
    });
    const timer = setTimeout(() => end(beyond(`${limits.timeMs / 1000} s`)), limits.timeMs);
    const end = (reply: DescribeReply): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      resolve(reply);
    };
    child.once('message', (reply) => end(reply as DescribeReply));
    // It ends without a reply if it needs more memory than it may have.
    child.once('exit', () => end(beyond(`${limits.memoryMb} MB`)));
    child.once('error', () => end({ broken: 'the process that reads documents cannot be started' }));
    child.send(request, (error) => {
      if (error) end({ broken: 'the process that reads documents ended' });
    });
  });
}
