'use strict';

const { deadlineAfter, readTimeout, refuseAny, refuseSurplus } = require('./arguments.js');
const { Primitive, monitorOf } = require('./primitive.js');

const flag = 0;
const waiters = 0;

class Event extends Primitive {
    constructor(...surplus) {
        refuseAny(surplus);
        super(__filename, 1, 1);
    }

    set() {
        const monitor = this[monitorOf];
        monitor.run(() => {
            monitor.set(flag, 1);
            monitor.wakeAll(waiters);
        });
    }

    clear() {
        const monitor = this[monitorOf];
        monitor.run(() => monitor.set(flag, 0));
    }

    isSet() {
        const monitor = this[monitorOf];
        return monitor.run(() => monitor.get(flag) === 1);
    }

    wait(timeout = undefined) {
        const limit = readTimeout(timeout);
        const monitor = this[monitorOf];
        return monitor.run(() => {
            if (monitor.get(flag) === 1) return true;
            return limit > 0 && monitor.block(waiters, deadlineAfter(limit)) !== 0;
        });
    }
}

refuseSurplus(Event, { set: 0, clear: 0, isSet: 0, wait: 1 });

module.exports = { Event };
