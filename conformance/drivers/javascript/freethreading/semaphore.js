'use strict';

const { acquireDeadline, guard } = require('./acquiring.js');
const { largest, refuseAny, refuseSurplus, requireInteger } = require('./arguments.js');
const { ValueError } = require('./errors.js');
const { Primitive, monitorOf } = require('./primitive.js');

const tokens = 0;
const limit = 1;
const waiters = 0;

class Counter extends Primitive {
    constructor(value, highest) {
        requireInteger(value, 'the initial value');
        if (value < 0 || value > largest) throw new ValueError('the initial value is out of range');
        super(__filename, 2, 1);
        this[monitorOf].set(tokens, value);
        this[monitorOf].set(limit, highest ?? value);
    }

    acquire(blocking = true, timeout = undefined) {
        const deadline = acquireDeadline(blocking, timeout, { negative: 0 });
        const monitor = this[monitorOf];
        return monitor.run(() => {
            if (monitor.get(tokens) === 0) return deadline !== 0 && monitor.block(waiters, deadline) !== 0;
            monitor.add(tokens, -1);
            return true;
        });
    }

    release() {
        const monitor = this[monitorOf];
        monitor.run(() => {
            if (monitor.get(tokens) === monitor.get(limit)) throw new ValueError('released too often');
            if (monitor.wakeFirst(waiters) === 0) monitor.add(tokens, 1);
        });
    }

    guard(body) {
        return guard(this, body);
    }
}

class Semaphore extends Counter {
    constructor(value = 1, ...surplus) {
        refuseAny(surplus);
        super(value, largest);
    }
}

class BoundedSemaphore extends Counter {
    constructor(value = 1, ...surplus) {
        refuseAny(surplus);
        super(value);
    }
}

refuseSurplus(Counter, { acquire: 2, release: 0, guard: 1 });

module.exports = { Semaphore, BoundedSemaphore };
