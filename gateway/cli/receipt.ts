import type { Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import { keptAnswer, readReceipt, type KeptReceipt } from '../../monitoring/audit/answer/kept-answer.js';
import { numberOfLog } from '../../monitoring/audit/log-name.js';
import { checkReceipt, type ReceiptVerification } from '../../monitoring/audit/verify/check-receipt.js';
import { nodeCrypto } from '../../monitoring/audit/verify/node-crypto.js';
import { HttpFailure } from '../../schemas/ports/http-client.js';
import { createHttpClient } from '../compose/http-client.js';
import { CommandFailure } from './command-failure.js';
import { readGivenFile, readKeptAnswer } from './audit/kept-answer.js';
import { collect } from './options.js';
import type { Terminal } from './terminal.js';
import { readVerifierKey } from './verifier-key.js';

interface CheckOptions {
  readonly proof?: string;
  readonly from?: string;
  readonly entry?: string;
  readonly key: readonly string[];
  readonly json?: boolean;
}

/** How long a checkpoint may take to hold an entry. */
const COVERED_MS = 60_000;
const ASK_AGAIN_MS = 1_000;
const MAX_PROOF_BYTES = 1_000_000;

/** `tereze receipt`: whether an answer is the one that the audit log committed to. */
export function addReceipt(program: Command, terminal: Terminal): void {
  program
    .command('receipt')
    .command('check')
    .description(
      'Check a kept answer offline: answer, entry, leaf, inclusion, checkpoint signature, a line each. Exit code 1 if one does not hold.',
    )
    .argument('<answer>', 'a file with an answer as it came (tereze ask --json), or - for standard input')
    .option('--proof <file>', 'the .tlog-proof of the entry')
    .option('--from <url>', 'without --proof: the address below which the log is served, to ask there')
    .option('--entry <file>', 'the bytes of the entry, if the proof does not hold them')
    .option('--key <vkey>', 'verifier key of the log, `name+id+base64` (repeatable)', collect, [])
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  npx tereze receipt check answer.json --proof answer.tlog-proof --key "$VKEY"\n',
    )
    .action((answer: string, options: CheckOptions) => check(answer, options, terminal));
}

async function check(source: string, options: CheckOptions, terminal: Terminal): Promise<void> {
  if (options.key.length === 0)
    throw new CommandFailure(
      'usage',
      'a checkpoint is believed only with the verifier key of its log: name it with --key',
    );
  const verifiers = options.key.map(readVerifierKey);
  const kept = await readKeptAnswer(source, terminal);
  const entry = options.entry === undefined ? undefined : await readGivenFile(options.entry);
  const proof = await proofOf(kept, options);
  const result = checkReceipt({ kept, proof, entry }, nodeCrypto(verifiers));
  terminal.print(options.json ? `${JSON.stringify(result)}\n` : describe(result));
  if (!result.verified) terminal.fail();
}

async function proofOf(kept: unknown, { proof, from }: CheckOptions): Promise<string> {
  if (proof !== undefined) return (await readGivenFile(proof)).toString('utf8');
  if (from === undefined)
    throw new CommandFailure(
      'usage',
      'there is no proof: name its file with --proof',
      'With --from URL it is asked where the log is served.',
    );
  const receipt = readReceipt(keptAnswer(kept));
  if (receipt === undefined) throw new CommandFailure('failed', 'the answer has no receipt');
  return askForProof(from, receipt);
}

/** Asks until a checkpoint covers the entry. */
async function askForProof(from: string, { log, index, leafHash }: KeptReceipt): Promise<string> {
  const address = `${from.replace(/\/$/, '')}/${numberOfLog(log)}/proof?index=${index}&leaf=${leafHash}`;
  if (!URL.canParse(address))
    throw new CommandFailure('usage', '--from takes an address, such as https://log.example.kz/tereze');
  const url = new URL(address);
  const connections = createHttpClient().open({});
  const end = performance.now() + COVERED_MS;
  try {
    for (;;) {
      const { status, body } = await connections.send({
        method: 'GET',
        url,
        headers: [],
        timeoutMs: COVERED_MS,
        maxResponseBytes: MAX_PROOF_BYTES,
      });
      if (status === 200) return body.toString('utf8');
      if (status === 400)
        throw new CommandFailure(
          'failed',
          `another entry than the receipt’s stands at ${index} of ${log}`,
          'The receipt was changed, or the log was: keep the answer, and tell the auditors of the log.',
        );
      if (status !== 404) throw new CommandFailure('failed', `${url.origin} answered ${status}`);
      if (performance.now() + ASK_AGAIN_MS > end)
        throw new CommandFailure(
          'failed',
          `no checkpoint of ${log} holds entry ${index} after ${COVERED_MS / 1_000} s`,
          'An entry is covered within seconds. Keep the answer, and tell the operator of the log and its auditors.',
        );
      await sleep(ASK_AGAIN_MS);
    }
  } catch (error) {
    if (error instanceof HttpFailure)
      throw new CommandFailure('failed', `${url.origin} cannot be asked: ${error.message}`);
    throw error;
  } finally {
    connections.close();
  }
}

function describe({ verified, checks }: ReceiptVerification): string {
  const lines = checks.map(({ check: name, holds }) => `  ${holds ? 'yes' : 'NO '}  ${name}`);
  return [verified ? 'Verified:' : 'Not verified:', ...lines, ''].join('\n');
}
