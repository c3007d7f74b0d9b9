import { spawnSync } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { policySetTextToParts } from '../../../policies/decision/cedar.js';

/** With the extension of this file: TypeScript under tsx, JavaScript of the build. */
const EXTENSION = extname(fileURLToPath(import.meta.url));
const CEDAR = new URL(`../../../policies/decision/cedar${EXTENSION}`, import.meta.url).href;
const LOADER = EXTENSION === '.ts' ? ['--import', 'tsx'] : [];

/**
 * A WebAssembly function that calls back and returns a reference; the callback then breaks what
 * the optimised caller relied on, so that V8 must deoptimise it in the middle of the call.
 */
const DEOPTIMISED_IN_THE_CALL = `
  await import(${JSON.stringify(CEDAR)});
  const types = [1, 9, 2, 0x60, 0, 0, 0x60, 1, 0x7f, 1, 0x6f];
  const body = [10, 8, 1, 6, 0, 0x10, 0, 0xd0, 0x6f, 0x0b];
  const module = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, ...types, 2, 7, 1, 1, 109, 1, 102, 0, 0, 3, 2, 1, 1, 7, 5, 1, 1, 118, 0, 1, ...body]);
  const shape = { k: () => 1 };
  const object = Object.create(shape);
  let breaking = false;
  const callback = () => { if (breaking) { shape.k = () => 2; shape.z = 3; } };
  const { v } = new WebAssembly.Instance(new WebAssembly.Module(module), { m: { f: callback } }).exports;
  const hot = (i) => { v(i); return object.k(); };
  for (let round = 0; round < 200000; round += 1) hot(round);
  breaking = true;
  process.stdout.write(String(hot(1)));
`;

describe('cedar', () => {
  it('answers', () => {
    expect(policySetTextToParts('permit(principal, action, resource);')).to.include({ type: 'success' });
  });

  it('leaves no WebAssembly call that aborts the process when V8 deoptimises its caller', () => {
    const { status, stdout } = spawnSync(
      process.execPath,
      [...LOADER, '--input-type=module', '--eval', DEOPTIMISED_IN_THE_CALL],
      { encoding: 'utf8' },
    );
    expect({ status, stdout }).to.deep.equal({ status: 0, stdout: '2' });
  });
});
