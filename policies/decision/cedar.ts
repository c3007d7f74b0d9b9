import { setFlagsFromString } from 'node:v8';

/**
 * Cedar, on an engine that survives it: every import of Cedar goes through this module.
 *
 * The V8 of Node 20 aborts the whole process when it deoptimises a function in the middle of an
 * inlined WebAssembly call that returns a reference, as every call of Cedar does ("unreachable
 * code" in `Deoptimizer::DoComputeBuiltinContinuation`). Such calls are no longer inlined then.
 * Node 24 has the fault no more.
 */
if (process.versions.node.startsWith('20.')) setFlagsFromString('--no-turbo-inline-js-wasm-calls');

export * from '@cedar-policy/cedar-wasm/nodejs';
