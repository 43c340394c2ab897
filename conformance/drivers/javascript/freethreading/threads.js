'use strict';

// The threads that this thread has made. A thread outlives its worker and takes the next one: making one costs
// far more than most workers do.

const threads = require('node:worker_threads');
const { ResourceError } = require('./errors.js');
const { post } = require('./portable.js');
const { block, nextThread, wordOf, words } = require('./program.js');

const idle = 0;
const busy = 1;

const made = [];

class Thread {
    constructor() {
        this.index = nextThread();
        this.thread = new threads.Worker(require.resolve('./thread_main.js'), {
            workerData: { program: words, thread: this.index },
        });
        this.thread.unref();
    }

    get isIdle() {
        return Atomics.load(words, wordOf(this.index, block.busy)) === idle;
    }

    begin(job) {
        post(this.thread, job);
        Atomics.store(words, wordOf(this.index, block.busy), busy);
        Atomics.notify(words, wordOf(this.index, block.busy));
    }
}

function claimThread() {
    const found = made.find((thread) => thread.isIdle);
    if (found !== undefined) return found;
    try {
        made.push(new Thread());
    } catch (error) {
        throw new ResourceError(error.message);
    }
    return made[made.length - 1];
}

// The thread's side: sleeps until there is a job.
function awaitJob(thread) {
    Atomics.wait(words, wordOf(thread, block.busy), idle);
    return threads.receiveMessageOnPort(threads.parentPort).message;
}

function endJob(thread) {
    Atomics.store(words, wordOf(thread, block.busy), idle);
}

module.exports = { claimThread, awaitJob, endJob };
