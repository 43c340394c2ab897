'use strict';

// The memory that all threads of the program share: a few counters, and a block of words for each thread,
// by which it is put to sleep and woken.

const { isMainThread, workerData } = require('node:worker_threads');
const { ResourceError } = require('./errors.js');

const maximumThreads = 256;
const header = { lastWorker: 0, lastThread: 1, lastName: 2, foreground: 3 };
const block = { token: 0, sleeps: 1, worker: 2, busy: 3 };
const headerWords = 4;
const blockWords = 4;

const mainWorker = 1;

function makeWords() {
    const bytes = Int32Array.BYTES_PER_ELEMENT * (headerWords + blockWords * maximumThreads);
    const words = new Int32Array(new SharedArrayBuffer(bytes));
    words[header.lastWorker] = mainWorker;
    words[headerWords + block.worker] = mainWorker;
    return words;
}

const words = isMainThread ? makeWords() : workerData.program;
const thisThread = isMainThread ? 0 : workerData.thread;

function wordOf(thread, field) {
    return headerWords + thread * blockWords + field;
}

function next(counter) {
    return Atomics.add(words, counter, 1) + 1;
}

function nextThread() {
    const thread = next(header.lastThread);
    if (thread >= maximumThreads) throw new ResourceError(`there are ${maximumThreads} threads already`);
    return thread;
}

function workerOn(thread) {
    return Atomics.load(words, wordOf(thread, block.worker));
}

function currentWorkerNumber() {
    return workerOn(thisThread);
}

// The word `sleeps` is odd while its thread is asleep or about to be; whoever watches it is woken by every change.
function countSleep() {
    Atomics.add(words, wordOf(thisThread, block.sleeps), 1);
    Atomics.notify(words, wordOf(thisThread, block.sleeps));
}

function expectToken() {
    Atomics.store(words, wordOf(thisThread, block.token), 0);
}

function givenToken() {
    return Atomics.load(words, wordOf(thisThread, block.token));
}

// Sleeps until this thread has been given a token or the deadline has passed.
function sleepForToken(deadline) {
    countSleep();
    while (givenToken() === 0) {
        const left = deadline - performance.now();
        if (left <= 0) break;
        Atomics.wait(words, wordOf(thisThread, block.token), 0, left);
    }
    countSleep();
}

function giveToken(thread, token) {
    Atomics.store(words, wordOf(thread, block.token), token);
    Atomics.notify(words, wordOf(thread, block.token));
}

// Returns when the thread sleeps and nobody has given it a token yet, or `gone` says that it is of no interest
// any more; that has to be followed by announceChange on the thread.
function awaitSleep(thread, gone) {
    const sleeps = wordOf(thread, block.sleeps);
    for (;;) {
        const seen = Atomics.load(words, sleeps);
        const asleep = seen % 2 !== 0 && Atomics.load(words, wordOf(thread, block.token)) === 0;
        if (gone() || (asleep && Atomics.load(words, sleeps) === seen)) return;
        Atomics.wait(words, sleeps, seen);
    }
}

function announceChange() {
    countSleep();
    countSleep();
}

module.exports = {
    announceChange,
    awaitSleep,
    block,
    currentWorkerNumber,
    expectToken,
    givenToken,
    giveToken,
    header,
    mainWorker,
    maximumThreads,
    next,
    nextThread,
    sleepForToken,
    thisThread,
    wordOf,
    words,
    workerOn,
};
