'use strict';

// Shared words that one thread at a time looks at, and lists of the threads that wait for something in them.
// Who wakes a thread takes it off its list and tells it with a token why, so what the waker gives away (a lock,
// an item's turn, the passage of a barrier) can neither be lost nor be taken by somebody else.

const { maximumThreads, thisThread, workerOn } = require('./program.js');
const { expectToken, giveToken, givenToken, sleepForToken } = require('./program.js');

const free = 0;
const taken = 1;
const contended = 2;
const firstField = 1;
const listWords = 1 + maximumThreads;

const woken = 1;

class Monitor {
    constructor(fields, lists, words = undefined) {
        const size = firstField + fields + lists * listWords;
        this.words = words ?? new Int32Array(new SharedArrayBuffer(4 * size));
        this.firstList = firstField + fields;
    }

    // Calls the body as the only one in this monitor.
    run(body) {
        this.#enter();
        try {
            return body();
        } finally {
            this.#leave();
        }
    }

    // What follows is for the inside of `run`.

    get(field) {
        return this.words[firstField + field];
    }

    set(field, value) {
        this.words[firstField + field] = value;
    }

    add(field, difference) {
        this.words[firstField + field] += difference;
    }

    waiting(list) {
        return this.words[this.#start(list)];
    }

    enlist(list) {
        expectToken();
        const start = this.#start(list);
        this.words[start] += 1;
        this.words[start + this.words[start]] = thisThread;
    }

    // Leaves the monitor, sleeps until somebody wakes this thread or the deadline has passed, and returns in the
    // monitor: the token of the waker, or 0. At the deadline it goes on sleeping if it may not give up.
    block(list, deadline, mayGiveUp = () => true) {
        this.enlist(list);
        this.#sleep(deadline);
        return this.giveUp(list, mayGiveUp);
    }

    giveUp(list, mayGiveUp = () => true) {
        if (givenToken() === 0 && !mayGiveUp()) this.#sleep(Infinity);
        if (givenToken() === 0) this.#strike(list, this.#positionOf(list, thisThread));
        return givenToken();
    }

    // Wakes who has waited longest and returns the number of its worker, or 0 if nobody waits.
    wakeFirst(list, token = woken) {
        if (this.waiting(list) === 0) return 0;
        const thread = this.words[this.#start(list) + 1];
        const worker = workerOn(thread);
        this.#strike(list, 1);
        giveToken(thread, token);
        return worker;
    }

    wakeAll(list, token = woken) {
        while (this.wakeFirst(list, token) !== 0);
    }

    #start(list) {
        return this.firstList + list * listWords;
    }

    #positionOf(list, thread) {
        let position = 1;
        while (this.words[this.#start(list) + position] !== thread) ++position;
        return position;
    }

    #strike(list, position) {
        const start = this.#start(list);
        this.words.copyWithin(start + position, start + position + 1, start + this.words[start] + 1);
        this.words[start] -= 1;
    }

    #sleep(deadline) {
        this.#leave();
        try {
            sleepForToken(deadline);
        } finally {
            this.#enter();
        }
    }

    #enter() {
        if (Atomics.compareExchange(this.words, 0, free, taken) === free) return;
        // This does not count as sleep (`awaitSleep`): it ends without anybody's help.
        while (Atomics.exchange(this.words, 0, contended) !== free) {
            Atomics.wait(this.words, 0, contended);
        }
    }

    #leave() {
        if (Atomics.exchange(this.words, 0, free) === contended) Atomics.notify(this.words, 0, 1);
    }
}

module.exports = { Monitor };
