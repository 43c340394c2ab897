'use strict';

// What all that can be acquired has in common.

const { deadlineAfter, readTimeout, requireBoolean } = require('./arguments.js');
const { ValueError } = require('./errors.js');

// The deadline of an acquire; 0 means a single look. `negative` says what a negative time-out means.
function acquireDeadline(blocking, timeout, { negative }) {
    requireBoolean(blocking, 'blocking');
    const limit = readTimeout(timeout);
    if (!blocking) {
        const isGiven = timeout !== undefined && timeout !== null;
        if (isGiven && limit >= 0) throw new ValueError('a non-blocking acquire has no time-out');
        return 0;
    }
    if (limit < 0) return negative;
    return limit === 0 ? 0 : deadlineAfter(limit);
}

// Calls the body between acquire and release, and passes on what leaves it.
function guard(lock, body) {
    const entered = lock.acquire();
    try {
        return body(entered);
    } finally {
        lock.release();
    }
}

module.exports = { acquireDeadline, guard };
