'use strict';

const {
    deadlineAfter,
    largest,
    readTimeout,
    refuseAny,
    refuseSurplus,
    requireInteger,
} = require('./arguments.js');
const { BrokenBarrierError, RuntimeError, ValueError } = require('./errors.js');
const { FunctionReference } = require('./function_reference.js');
const { Primitive, monitorOf, partsOf } = require('./primitive.js');
const { currentWorkerNumber } = require('./program.js');

const size = 0;
const arrived = 1;
const isBroken = 2;
const actor = 3; // the worker that runs the action, or 0
const waiters = 0;
const newcomers = 1; // who comes while the action runs

const passed = 1;
const brokenMeanwhile = 2;

class Barrier extends Primitive {
    constructor(parties, action = undefined, timeout = undefined, ...surplus) {
        refuseAny(surplus);
        requireInteger(parties, 'the number of parties');
        if (parties <= 0 || parties > largest) throw new ValueError('the number of parties is out of range');
        const hasAction = action !== undefined && action !== null;
        if (hasAction && !(action instanceof FunctionReference))
            throw new TypeError('an action is a FunctionReference');
        readTimeout(timeout);
        super(__filename, 4, 2, [action, timeout]);
        this[monitorOf].set(size, parties);
    }

    wait(timeout = undefined) {
        const [action, usual] = this[partsOf];
        const limit = readTimeout(timeout ?? usual);
        const deadline = deadlineAfter(limit);
        const monitor = this[monitorOf];
        const index = monitor.run(() => {
            awaitAction(monitor);
            if (monitor.get(isBroken)) throw new BrokenBarrierError('the barrier is broken');
            const place = monitor.get(arrived);
            monitor.add(arrived, 1);
            if (place + 1 < monitor.get(size)) waitForOthers(monitor, limit > 0 ? deadline : 0);
            else monitor.set(actor, currentWorkerNumber());
            return place;
        });
        if (index + 1 === monitor.get(size)) completeGeneration(monitor, action);
        return index;
    }

    reset() {
        const monitor = this[monitorOf];
        monitor.run(() => {
            awaitAction(monitor);
            release(monitor, brokenMeanwhile);
            monitor.set(isBroken, 0);
        });
    }

    abort() {
        const monitor = this[monitorOf];
        monitor.run(() => {
            awaitAction(monitor);
            breakUp(monitor);
        });
    }

    get parties() {
        return this[monitorOf].get(size);
    }

    get nWaiting() {
        const monitor = this[monitorOf];
        return monitor.run(() => monitor.get(arrived));
    }

    get broken() {
        const monitor = this[monitorOf];
        return monitor.run(() => monitor.get(isBroken) === 1);
    }
}

// All of these but completeGeneration are for the inside of the monitor.

function awaitAction(monitor) {
    while (monitor.get(actor) !== 0) {
        if (monitor.get(actor) === currentWorkerNumber()) {
            throw new RuntimeError('the action calls its own barrier');
        }
        monitor.block(newcomers, Infinity);
    }
}

function waitForOthers(monitor, deadline) {
    // The limit is off once all have come, while the action runs.
    const mayGiveUp = () => monitor.get(actor) === 0;
    const token = deadline === 0 ? 0 : monitor.block(waiters, deadline, mayGiveUp);
    if (token === passed) return;
    if (token === 0) breakUp(monitor);
    throw new BrokenBarrierError('the barrier is broken');
}

// The action runs outside the monitor, so that others can ask the barrier about itself.
function completeGeneration(monitor, action) {
    let result = brokenMeanwhile;
    try {
        action?.call();
        result = passed;
    } finally {
        monitor.run(() => {
            monitor.set(actor, 0);
            if (result === passed) release(monitor, passed);
            else breakUp(monitor);
            monitor.wakeAll(newcomers);
        });
    }
}

function release(monitor, token) {
    monitor.set(arrived, 0);
    monitor.wakeAll(waiters, token);
}

function breakUp(monitor) {
    monitor.set(isBroken, 1);
    release(monitor, brokenMeanwhile);
}

refuseSurplus(Barrier, { wait: 1, reset: 0, abort: 0 });

module.exports = { Barrier };
