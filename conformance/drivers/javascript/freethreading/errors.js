'use strict';

// The kinds of errors of the API. TypeError is the language's own.

class ValueError extends Error {}
class RuntimeError extends Error {}
class BrokenBarrierError extends RuntimeError {}
class ResourceError extends Error {}
class Empty extends Error {}
class Full extends Error {}

const kinds = { ValueError, RuntimeError, BrokenBarrierError, ResourceError, Empty, Full };
for (const [name, kind] of Object.entries(kinds)) kind.prototype.name = name;

module.exports = kinds;
