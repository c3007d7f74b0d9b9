// Stryker's runner loads the Mocha of the project that it changes, and Mocha 12 has moved the modules that the runner
// needs. With this file the runner loads the Mocha beside it.
const Module = require('node:module');

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function (request, parent, ...rest) {
  const isMocha = request === 'mocha' || request === 'mocha/package.json';
  return resolveFilename.call(this, request, isMocha ? module : parent, ...rest);
};
