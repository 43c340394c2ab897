'use strict';

// Serialized items, first in, first out, in shared memory. Its pages cost nothing before they are used, and
// the buffer begins anew at its start whenever it is empty, so only what is really in it takes memory. For the inside
// of the monitor in which the two positions are fields.

const { ResourceError } = require('./errors.js');

const usualBytes = 64 * 1024 * 1024;
const headerBytes = 4;

class ItemBuffer {
    constructor(monitor, firstField, bytes = new SharedArrayBuffer(usualBytes)) {
        this.monitor = monitor;
        this.head = firstField;
        this.used = firstField + 1;
        this.bytes = new Uint8Array(bytes);
    }

    isEmpty() {
        return this.monitor.get(this.used) === 0;
    }

    push(item) {
        const used = this.monitor.get(this.used);
        if (used + headerBytes + item.length > this.bytes.length)
            throw new ResourceError('the queue has no room left');
        if (used === 0) this.monitor.set(this.head, 0);
        const tail = this.monitor.get(this.head) + used;
        const length = Buffer.alloc(headerBytes);
        length.writeUInt32LE(item.length);
        this.#write(tail, length);
        this.#write(tail + headerBytes, item);
        this.monitor.add(this.used, headerBytes + item.length);
    }

    pop() {
        const head = this.monitor.get(this.head);
        const length = this.#read(head, headerBytes).readUInt32LE();
        const item = this.#read(head + headerBytes, length);
        this.monitor.set(this.head, (head + headerBytes + length) % this.bytes.length);
        this.monitor.add(this.used, -(headerBytes + length));
        return item;
    }

    #write(position, source) {
        const start = position % this.bytes.length;
        const first = Math.min(source.length, this.bytes.length - start);
        this.bytes.set(source.subarray(0, first), start);
        this.bytes.set(source.subarray(first), 0);
    }

    #read(position, length) {
        const start = position % this.bytes.length;
        const first = Math.min(length, this.bytes.length - start);
        const target = Buffer.alloc(length);
        target.set(this.bytes.subarray(start, start + first));
        target.set(this.bytes.subarray(0, length - first), first);
        return target;
    }
}

module.exports = { ItemBuffer };
