'use strict';

const { deadlineAfter, readTimeout, refuseAny, refuseSurplus, requireBoolean } = require('./arguments.js');
const { RuntimeError, ValueError } = require('./errors.js');
const { FunctionReference } = require('./function_reference.js');
const { Monitor } = require('./monitor.js');
const { checkPortable, portable } = require('./portable.js');
const program = require('./program.js');
const { claimThread } = require('./threads.js');

// The life of a worker: fields and list of a monitor that its creator and its thread share.
const state = 0;
const number = 1;
const joiners = 0;
const fresh = 0;
const running = 1;
const ended = 2;

// Who runs on this thread, the workers it has started, and what is known of it.
let self = { number: program.mainWorker, name: 'MainWorker', daemon: false, children: [], life: null };

class Worker {
    #target;
    #args;
    #kwargs;
    #name;
    #daemon;
    #thread = undefined;
    #life = new Monitor(2, 1);
    #creator = self.number;

    constructor(
        target = null,
        name = null,
        args = [],
        kwargs = {},
        { daemon = null, ...unknown } = {},
        ...surplus
    ) {
        refuseAny([...Object.keys(unknown), ...surplus]);
        if (typeof target === 'function') {
            throw new ValueError('a function cannot be transferred, only a FunctionReference');
        }
        if (target !== null && !(target instanceof FunctionReference)) {
            throw new TypeError('the target has to be a FunctionReference');
        }
        if (!Array.isArray(args)) throw new TypeError('the arguments have to be a list');
        if (Object.getPrototypeOf(kwargs) !== Object.prototype) {
            throw new TypeError('the named arguments have to be a plain object');
        }
        checkPortable([target, args, kwargs]);
        this.#target = target;
        this.#args = args;
        this.#kwargs = kwargs;
        this.#name = `Worker-${name === null ? program.next(program.header.lastName) : 0}`;
        if (name !== null) this.name = name;
        this.#daemon = self.daemon;
        if (daemon !== null) this.daemon = daemon;
    }

    [portable]() {
        throw new ValueError('a Worker is no argument');
    }

    get name() {
        return this.#name;
    }

    set name(name) {
        if (typeof name !== 'string') throw new TypeError('a name has to be a text');
        this.#name = name;
    }

    get daemon() {
        return this.#daemon;
    }

    set daemon(daemon) {
        requireBoolean(daemon, 'daemon');
        if (this.#thread !== undefined) throw new RuntimeError('the worker has been started');
        this.#daemon = daemon;
    }

    start() {
        this.#requireCreator();
        if (this.#thread !== undefined) throw new RuntimeError('the worker has been started');
        if (self.daemon) throw new RuntimeError('a daemon starts no workers');
        const life = this.#life;
        const job = {
            life: life.words,
            number: program.next(program.header.lastWorker),
            name: this.#name,
            daemon: this.#daemon,
            target: this.#target,
            args: Object.keys(this.#kwargs).length === 0 ? this.#args : [...this.#args, this.#kwargs],
        };
        const thread = claimThread();
        life.run(() => {
            life.set(state, running);
            life.set(number, job.number);
        });
        if (!this.#daemon) Atomics.add(program.words, program.header.foreground, 1);
        try {
            thread.begin(job);
        } catch (error) {
            life.run(() => life.set(state, fresh));
            if (!this.#daemon) leaveForeground();
            throw error;
        }
        this.#thread = thread;
        self.children.push({ worker: this, number: job.number, life });
    }

    join(timeout = undefined) {
        this.#requireCreator();
        const limit = readTimeout(timeout);
        if (this.#thread === undefined) throw new RuntimeError('the worker has not been started');
        joinLife(this.#life, limit);
    }

    isAlive() {
        this.#requireCreator();
        return isRunning(this.#life);
    }

    #requireCreator() {
        if (this.#creator !== self.number) throw new RuntimeError('only its creator can do this to a worker');
    }

    // For a driver: returns when the worker sleeps or has ended.
    static awaitSleep(worker) {
        if (worker.#thread === undefined) return;
        program.awaitSleep(worker.#thread.index, () => !isRunning(worker.#life));
    }
}

// What current_worker, active_children and enumerate give: a worker seen from outside.
class WorkerHandle {
    #of;

    constructor(of) {
        this.#of = of;
    }

    [portable]() {
        throw new ValueError('a worker is no argument');
    }

    get name() {
        return this.#of.worker?.name ?? this.#of.name;
    }

    set name(name) {
        if (typeof name !== 'string') throw new TypeError('a name has to be a text');
        if (this.#of.worker) this.#of.worker.name = name;
        else this.#of.name = name;
    }

    get daemon() {
        return this.#of.worker?.daemon ?? this.#of.daemon;
    }

    set daemon(daemon) {
        requireBoolean(daemon, 'daemon');
        throw new RuntimeError('the worker has been started');
    }

    get ident() {
        return this.#of.number;
    }

    start() {
        throw new RuntimeError('the worker has been started');
    }

    join(timeout = undefined) {
        if (this.#of.worker) {
            this.#of.worker.join(timeout);
            return;
        }
        readTimeout(timeout);
        throw new RuntimeError('a worker cannot wait for its own end');
    }

    isAlive() {
        return this.#of.worker ? this.#of.worker.isAlive() : true;
    }
}

function isRunning(life) {
    return life.run(() => life.get(state) === running);
}

function joinLife(life, limit) {
    life.run(() => {
        if (life.get(state) === running && limit > 0) life.block(joiners, deadlineAfter(limit));
    });
}

function leaveForeground() {
    Atomics.sub(program.words, program.header.foreground, 1);
    Atomics.notify(program.words, program.header.foreground);
}

// Called by a thread: the worker's life from its beginning to its end.
function runWorker({ life: words, number: ownNumber, name, daemon, target, args }, report) {
    const life = new Monitor(2, 1, words);
    self = { number: ownNumber, name, daemon, children: [] };
    Atomics.store(program.words, program.wordOf(program.thisThread, program.block.worker), ownNumber);
    try {
        target?.call(...args);
    } catch (error) {
        report(
            `Exception in worker ${self.name}: ${error?.name ?? typeof error}: ${error?.message ?? error}`,
        );
    }
    life.run(() => {
        life.set(state, ended);
        life.wakeAll(joiners);
    });
    if (!daemon) leaveForeground();
    program.announceChange();
}

function getBackend() {
    return 'threading';
}

function getIdent() {
    return self.number;
}

function currentWorker() {
    return new WorkerHandle(self);
}

function activeChildren() {
    self.children = self.children.filter(({ life }) => isRunning(life));
    return self.children.map((child) => new WorkerHandle(child));
}

function enumerate() {
    return [currentWorker(), ...activeChildren()];
}

function activeCount() {
    return enumerate().length;
}

// The program does not end before its workers, other than daemons. The threads of those die with the process.
process.on('exit', () => {
    const { words, header } = program;
    if (program.thisThread !== 0) return;
    for (let left; (left = Atomics.load(words, header.foreground)) > 0;)
        Atomics.wait(words, header.foreground, left);
});

const utilities = { getBackend, getIdent, currentWorker, activeChildren, enumerate, activeCount };
for (const [name, utility] of Object.entries(utilities)) {
    utilities[name] = (...surplus) => {
        refuseAny(surplus);
        return utility();
    };
}
refuseSurplus(Worker, { start: 0, join: 1, isAlive: 0 });

module.exports = { Worker, runWorker, ...utilities };
