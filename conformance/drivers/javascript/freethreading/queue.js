'use strict';

const { deadlineAfter, largest, readTimeout, refuseAny, refuseSurplus } = require('./arguments.js');
const { requireBoolean, requireInteger } = require('./arguments.js');
const { Empty, Full, ValueError } = require('./errors.js');
const { ItemBuffer } = require('./item_buffer.js');
const { fromBytes, toBytes } = require('./portable.js');
const { Primitive, monitorOf, partsOf } = require('./primitive.js');

const capacity = 0; // 0: none
const count = 1;
const unfinished = 2;
const buffer = 3; // and 4
const fields = 5;

const getters = 0;
const putters = 1;
const joiners = 2;
const lists = 3;

class ItemQueue extends Primitive {
    constructor(maxsize) {
        super(__filename, fields, lists);
        this[monitorOf].set(capacity, Math.max(maxsize, 0));
        this[partsOf].push(new ItemBuffer(this[monitorOf], buffer).bytes.buffer);
    }
}

function hasRoom(monitor) {
    return monitor.get(capacity) === 0 || monitor.get(count) < monitor.get(capacity);
}

// Within the monitor: false if `isPossible` does not come true by the deadline; 0 is a single look. Who is woken and
// finds that another was faster waits again.
function awaitTurn(monitor, list, deadline, isPossible) {
    while (!isPossible(monitor)) {
        if (deadline === 0) return false;
        if (monitor.block(list, deadline) === 0) return isPossible(monitor);
    }
    return true;
}

function putItem(queue, item, deadline) {
    const bytes = toBytes(item);
    const monitor = queue[monitorOf];
    monitor.run(() => {
        if (!awaitTurn(monitor, putters, deadline, hasRoom)) throw new Full('the queue is full');
        bufferOf(queue).push(bytes);
        monitor.add(count, 1);
        monitor.add(unfinished, 1);
        monitor.wakeFirst(getters);
    });
}

function getItem(queue, deadline) {
    const monitor = queue[monitorOf];
    const bytes = monitor.run(() => {
        if (!awaitTurn(monitor, getters, deadline, () => monitor.get(count) > 0))
            throw new Empty('the queue is empty');
        const item = bufferOf(queue).pop();
        monitor.add(count, -1);
        monitor.wakeFirst(putters);
        return item;
    });
    return fromBytes(bytes);
}

function bufferOf(queue) {
    return new ItemBuffer(queue[monitorOf], buffer, queue[partsOf][0]);
}

function ask(queue, question) {
    const monitor = queue[monitorOf];
    return monitor.run(() => question(monitor));
}

// The deadline of a put or get; a non-blocking one has a single look and ignores its time-out.
function turnDeadline(block, timeout) {
    requireBoolean(block, 'block');
    if (!block) return 0;
    const limit = readTimeout(timeout);
    if (limit < 0) throw new ValueError('the time-out is negative');
    return limit === 0 ? 0 : deadlineAfter(limit);
}

class SimpleQueue extends ItemQueue {
    constructor(...surplus) {
        refuseAny(surplus);
        super(0);
    }

    put(item) {
        putItem(this, item, Infinity);
    }

    get() {
        return getItem(this, Infinity);
    }

    empty() {
        return ask(this, (monitor) => monitor.get(count) === 0);
    }
}

class Queue extends ItemQueue {
    constructor(maxsize = 0, ...surplus) {
        refuseAny(surplus);
        requireInteger(maxsize, 'maxsize');
        if (maxsize > largest) throw new ValueError('maxsize is out of range');
        super(maxsize);
    }

    put(item, block = true, timeout = undefined) {
        putItem(this, item, turnDeadline(block, timeout));
    }

    get(block = true, timeout = undefined) {
        return getItem(this, turnDeadline(block, timeout));
    }

    putNowait(item) {
        putItem(this, item, 0);
    }

    getNowait() {
        return getItem(this, 0);
    }

    qsize() {
        return ask(this, (monitor) => monitor.get(count));
    }

    empty() {
        return ask(this, (monitor) => monitor.get(count) === 0);
    }

    full() {
        return ask(this, (monitor) => !hasRoom(monitor));
    }

    taskDone() {
        ask(this, (monitor) => {
            if (monitor.get(unfinished) === 0) throw new ValueError('task_done was called too often');
            monitor.add(unfinished, -1);
            if (monitor.get(unfinished) === 0) monitor.wakeAll(joiners);
        });
    }

    join() {
        ask(this, (monitor) => {
            if (monitor.get(unfinished) > 0) monitor.block(joiners, Infinity);
        });
    }
}

refuseSurplus(SimpleQueue, { put: 1, get: 0, empty: 0 });
refuseSurplus(Queue, {
    put: 3,
    get: 2,
    putNowait: 1,
    getNowait: 0,
    qsize: 0,
    empty: 0,
    full: 0,
    taskDone: 0,
    join: 0,
});

module.exports = { Queue, SimpleQueue };
