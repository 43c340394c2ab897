'use strict';

// What a thread runs: one worker after the other. It never comes back to its event loop, so nothing in the
// implementation may need one; the parent's may be blocked as well.

const { writeSync } = require('node:fs');
const { unpack } = require('./portable.js');
const { thisThread } = require('./program.js');
const { awaitJob, endJob } = require('./threads.js');
const { runWorker } = require('./worker.js');

const standardError = 2;

for (;;) {
    const message = awaitJob(thisThread);
    runWorker(unpack(message), (line) => writeSync(standardError, `${line}\n`));
    endJob(thisThread);
}
