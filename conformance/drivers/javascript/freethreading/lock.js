'use strict';

const { acquireDeadline, guard } = require('./acquiring.js');
const { refuseAny, refuseSurplus } = require('./arguments.js');
const { RuntimeError } = require('./errors.js');
const { Primitive, monitorOf } = require('./primitive.js');
const { currentWorkerNumber } = require('./program.js');

const owner = 0;
const depth = 1;
const waiters = 0;
const nobody = 0;

// The other half of what a Condition needs of its lock; users do not see these.
const isHeld = Symbol('isHeld');
const releaseAll = Symbol('releaseAll');
const acquireAgain = Symbol('acquireAgain');

class OwnedLock extends Primitive {
    constructor(...surplus) {
        refuseAny(surplus);
        super(__filename, 2, 1);
    }

    guard(body) {
        return guard(this, body);
    }

    [isHeld]() {
        const monitor = this[monitorOf];
        return monitor.run(() => monitor.get(owner) === currentWorkerNumber());
    }

    // Gives up every level of a lock that the caller holds, and tells how many there were.
    [releaseAll]() {
        const monitor = this[monitorOf];
        return monitor.run(() => {
            if (monitor.get(owner) !== currentWorkerNumber()) throw new RuntimeError('the lock is not held');
            const levels = monitor.get(depth);
            handOver(monitor);
            return levels;
        });
    }

    [acquireAgain](levels) {
        const monitor = this[monitorOf];
        monitor.run(() => {
            take(monitor, Infinity);
            monitor.set(depth, levels);
        });
    }
}

// For the inside of a monitor: takes the lock, which the caller does not hold or cannot hold twice.
function take(monitor, deadline) {
    if (monitor.get(owner) === nobody) {
        monitor.set(owner, currentWorkerNumber());
        monitor.set(depth, 1);
        return true;
    }
    return deadline !== 0 && monitor.block(waiters, deadline) !== 0;
}

// The new owner is put down here, not by itself when it runs again: until then somebody could take the lock from it.
function handOver(monitor) {
    const successor = monitor.wakeFirst(waiters); // 0, like nobody, if there is none
    monitor.set(owner, successor);
    monitor.set(depth, successor === 0 ? 0 : 1);
}

class Lock extends OwnedLock {
    acquire(blocking = true, timeout = undefined) {
        const deadline = acquireDeadline(blocking, timeout, { negative: Infinity });
        const monitor = this[monitorOf];
        return monitor.run(() => take(monitor, deadline));
    }

    release() {
        const monitor = this[monitorOf];
        monitor.run(() => {
            if (monitor.get(owner) === nobody) throw new RuntimeError('the lock is not held');
            handOver(monitor);
        });
    }

    locked() {
        const monitor = this[monitorOf];
        return monitor.run(() => monitor.get(owner) !== nobody);
    }
}

class RLock extends OwnedLock {
    acquire(blocking = true, timeout = undefined) {
        const deadline = acquireDeadline(blocking, timeout, { negative: Infinity });
        const monitor = this[monitorOf];
        return monitor.run(() => {
            if (monitor.get(owner) !== currentWorkerNumber()) return take(monitor, deadline);
            monitor.add(depth, 1);
            return true;
        });
    }

    release() {
        const monitor = this[monitorOf];
        monitor.run(() => {
            if (monitor.get(owner) !== currentWorkerNumber()) throw new RuntimeError('the lock is not held');
            if (monitor.get(depth) > 1) monitor.add(depth, -1);
            else handOver(monitor);
        });
    }
}

refuseSurplus(OwnedLock, { guard: 1 });
refuseSurplus(Lock, { acquire: 2, release: 0, locked: 0 });
refuseSurplus(RLock, { acquire: 2, release: 0 });

module.exports = { Lock, RLock, OwnedLock, isHeld, releaseAll, acquireAgain };
