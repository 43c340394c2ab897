#!/usr/bin/env node
'use strict';

// A driver for freethreading-conformance: the messages (sections 1 to 3 of the protocol).

const fs = require('node:fs');

const oldestNode = 18;
const exitUsage = 2;
const exitRefused = 3;
const largestMessage = 16 * 1024 * 1024;
const protocol = 1;

function endWith(status, sentence) {
    process.stderr.write(`${sentence}\n`);
    process.exit(status);
}

if (Number(process.versions.node.split('.')[0]) < oldestNode) {
    endWith(exitUsage, `Node.js ${oldestNode} or a later one is needed; this is ${process.versions.node}.`);
}
if (process.argv.length > 2) endWith(exitUsage, `"${process.argv[2]}": there are no options.`);

const { Caller } = require('./caller.js');
const { Control } = require('./control.js');
const { makeLanes } = require('./lane.js');
const { capabilities, readScenario } = require('./scenario.js');
const { ScenarioError, Unsupported } = require('./values.js');

function* readLines(file) {
    const chunk = Buffer.alloc(64 * 1024);
    let line = [];
    for (let size; (size = fs.readSync(file, chunk)) > 0;) {
        let start = 0;
        for (let end; (end = chunk.indexOf('\n', start)) !== -1 && end < size; start = end + 1) {
            yield Buffer.concat([...line, chunk.subarray(start, end)]);
            line = [];
        }
        line.push(Buffer.from(chunk.subarray(start, size)));
    }
}

function send(message) {
    const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
    for (let sent = 0; sent < bytes.length;) sent += fs.writeSync(1, bytes, sent);
}

function readMessage(line) {
    if (line.length > largestMessage) throw new ScenarioError('the message is longer than 16 MiB');
    let message;
    try {
        message = JSON.parse(line.toString('utf8'));
    } catch (error) {
        throw new ScenarioError(`the message is no JSON: ${error.message}`);
    }
    if (typeof message !== 'object' || message === null || Array.isArray(message)) {
        throw new ScenarioError('the message is no JSON object');
    }
    return message;
}

function greet(line) {
    const { hello } = readMessage(line);
    if (typeof hello !== 'object' || hello === null)
        throw new ScenarioError('the first message has to be a greeting');
    const { backend, logs, lanes, slots } = hello;
    if (hello.protocol !== protocol) throw new ScenarioError(`this driver speaks protocol ${protocol} only`);
    if (backend !== 'threading')
        throw new ScenarioError(`there is no backend "${backend}", only "threading"`);
    if (typeof logs !== 'string') throw new ScenarioError('the greeting names no folder for the logs');
    if (!(Number.isInteger(lanes) && lanes > 0 && Number.isInteger(slots) && slots > 0)) {
        throw new ScenarioError('the greeting does not say how many lanes and slots there are');
    }
    makeLanes(logs, lanes, slots);
    const [implementation, language] = ['freethreading on Atomics', 'JavaScript'];
    const greeting = {
        protocol,
        implementation,
        version: '1.0',
        language,
        backends: ['threading'],
        capabilities,
    };
    send({ hello: greeting });
    return { folder: logs, lanes, slots };
}

// Returns how the driver has to end after this scenario, if it has to.
function run(number, json, { folder, lanes, slots }) {
    const scenario = readScenario(json, lanes);
    const control = new Control();
    const caller = new Caller({ scenario, run: number, folder, slots, control }, 0, new Map());
    caller.makeObjects();
    caller.makeCalls();
    if (scenario.ends !== undefined) return scenario.ends;
    control.awaitEnds();
    caller.joinWorkers();
    if (control.hasFailed) send({ failed: number, why: 'a worker failed, see the standard error' });
    else send(caller.hasOverflowed || control.hasOverflowed ? { overflow: number } : { done: number });
    return undefined;
}

function answer(line, setting) {
    let number;
    try {
        const message = readMessage(line);
        if (!Number.isSafeInteger(message.run))
            throw new ScenarioError('the message is none of this protocol');
        number = message.run;
        if (number <= setting.lastRun)
            throw new ScenarioError('the number of the run is not larger than the last');
        setting.lastRun = number;
        return run(number, message.scenario, setting);
    } catch (error) {
        if (error instanceof Unsupported) send({ unsupported: number, what: error.message });
        else send(number === undefined ? { error: error.message } : { failed: number, why: error.message });
        if (!(error instanceof Unsupported || error instanceof ScenarioError)) console.error(error);
        return undefined;
    }
}

function main() {
    let setting;
    for (const line of readLines(0)) {
        if (setting === undefined) {
            try {
                setting = { ...greet(line), lastRun: 0 };
            } catch (error) {
                send({ error: error.message });
                endWith(exitRefused, error.message);
            }
            continue;
        }
        const end = answer(line, setting);
        if (end === 'raise') throw new Error('the main function ends with an error');
        if (end === 'return') return;
    }
}

main();
