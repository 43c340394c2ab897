'use strict';

// What the workers of a scenario tell each other, outside the implementation's own objects: how many have come and
// ended, and what went wrong.

const { Primitive, monitorOf } = require('./freethreading/primitive.js');

const started = 0;
const ended = 1;
const aligned = 2;
const overflowed = 3;
const failed = 4;
const fields = 5;

const gate = 0;
const ends = 1;
const lists = 2;

class Control extends Primitive {
    constructor() {
        super(__filename, fields, lists);
    }

    countStart() {
        this[monitorOf].run(() => this[monitorOf].add(started, 1));
    }

    countEnd(hasOverflowed, hasFailed) {
        const monitor = this[monitorOf];
        monitor.run(() => {
            if (hasOverflowed) monitor.set(overflowed, 1);
            if (hasFailed) monitor.set(failed, 1);
            monitor.add(ended, 1);
            monitor.wakeAll(ends);
        });
    }

    // Called by worker 0 after all its calls. Everybody counts those it started before its own end, so when the
    // two numbers are equal nobody is left who could start more.
    awaitEnds() {
        const monitor = this[monitorOf];
        monitor.run(() => {
            while (monitor.get(ended) < monitor.get(started)) monitor.block(ends, Infinity);
        });
    }

    // Holds the workers back until so many have come.
    align(expected) {
        const monitor = this[monitorOf];
        monitor.run(() => {
            monitor.add(aligned, 1);
            if (monitor.get(aligned) < expected) monitor.block(gate, Infinity);
            else monitor.wakeAll(gate);
        });
    }

    get hasOverflowed() {
        return this[monitorOf].get(overflowed) === 1;
    }

    get hasFailed() {
        return this[monitorOf].get(failed) === 1;
    }
}

module.exports = { Control };
