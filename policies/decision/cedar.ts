import { setFlagsFromString } from 'node:v8';

/**
 * Cedar with a setting of V8 that keeps the process alive. Every import of Cedar goes through this module.
 *
 * The V8 of Node 20 aborts the whole process when it deoptimises a function in the middle of an
 * inlined WebAssembly call that returns a reference, as every call of Cedar does ("unreachable
 * code" in `Deoptimizer::DoComputeBuiltinContinuation`). The setting stops the inlining of such calls.
 * Node 24 does not have the fault.
 */
if (process.versions.node.startsWith('20.')) setFlagsFromString('--no-turbo-inline-js-wasm-calls');

export * from '@cedar-policy/cedar-wasm/nodejs';
