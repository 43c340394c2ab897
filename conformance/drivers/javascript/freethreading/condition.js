'use strict';

const { guard } = require('./acquiring.js');
const { deadlineAfter, readTimeout, refuseAny, refuseSurplus, requireInteger } = require('./arguments.js');
const { RuntimeError } = require('./errors.js');
const { OwnedLock, RLock, acquireAgain, isHeld, releaseAll } = require('./lock.js');
const { Primitive, monitorOf, partsOf } = require('./primitive.js');
const { sleepForToken } = require('./program.js');

const waiters = 0;

class Condition extends Primitive {
    constructor(lock = undefined, ...surplus) {
        refuseAny(surplus);
        const own = lock ?? new RLock();
        if (!(own instanceof OwnedLock)) throw new TypeError('a Condition is made with a Lock or an RLock');
        super(__filename, 0, 1, [own]);
    }

    acquire(blocking = true, timeout = undefined) {
        return lockOf(this).acquire(blocking, timeout);
    }

    release() {
        lockOf(this).release();
    }

    guard(body) {
        return guard(this, body);
    }

    wait(timeout = undefined) {
        const limit = readTimeout(timeout);
        requireHeld(this);
        const monitor = this[monitorOf];
        const lock = lockOf(this);
        // On the list before the lock is free: whoever takes the lock then finds this waiter.
        monitor.run(() => monitor.enlist(waiters));
        let levels = 0;
        try {
            levels = lock[releaseAll]();
        } catch (error) {
            monitor.run(() => monitor.giveUp(waiters));
            throw error;
        }
        if (limit > 0) sleepForToken(deadlineAfter(limit));
        const notified = monitor.run(() => monitor.giveUp(waiters)) !== 0;
        lock[acquireAgain](levels);
        return notified;
    }

    waitFor(predicate, timeout = undefined) {
        if (typeof predicate !== 'function') throw new TypeError('the predicate has to be a function');
        const deadline = deadlineAfter(readTimeout(timeout));
        let result = predicate();
        while (!result) {
            requireHeld(this);
            const left = deadline - performance.now();
            if (left <= 0) break;
            this.wait(left);
            result = predicate();
        }
        return result;
    }

    notify(count = 1) {
        requireInteger(count, 'the count');
        requireHeld(this);
        const monitor = this[monitorOf];
        monitor.run(() => {
            for (let woken = 0; woken < count && monitor.waiting(waiters) > 0; ++woken)
                monitor.wakeFirst(waiters);
        });
    }

    notifyAll() {
        requireHeld(this);
        const monitor = this[monitorOf];
        monitor.run(() => monitor.wakeAll(waiters));
    }
}

function lockOf(condition) {
    return condition[partsOf][0];
}

function requireHeld(condition) {
    if (!lockOf(condition)[isHeld]()) throw new RuntimeError('the lock is not held');
}

refuseSurplus(Condition, { acquire: 2, release: 0, guard: 1, wait: 1, waitFor: 2, notify: 1, notifyAll: 0 });

module.exports = { Condition };
