// Reads `terraform test -json -verbose` and writes the script of node 1 of each run, <run>.sh, below a folder.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const folder = process.argv[2];
let written = 0;
for (const line of fs.readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  const event = JSON.parse(line);
  const outputs = event.test_state?.outputs;
  const script = outputs?.user_data?.value?.['1'];
  if (script) {
    fs.writeFileSync(path.join(folder, `${event['@testrun']}.sh`), script);
    written++;
  }
}
if (written === 0) {
  console.error('no run showed a script');
  process.exit(1);
}
