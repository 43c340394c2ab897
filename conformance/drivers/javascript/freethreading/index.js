'use strict';

// The API. Time-outs are in milliseconds. Targets and actions are FunctionReferences.

module.exports = {
    ...require('./barrier.js'),
    ...require('./condition.js'),
    ...require('./event.js'),
    ...require('./queue.js'),
    ...require('./semaphore.js'),
    Lock: require('./lock.js').Lock,
    RLock: require('./lock.js').RLock,
    ...require('./worker.js'),
    ...require('./function_reference.js'),
};
delete module.exports.runWorker;
