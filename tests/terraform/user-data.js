// Reads `terraform test -json -verbose` and writes, below a folder, the script of node 1 of each run, <run>.sh, and the settings of
// each of its nodes, <run>-<id>.properties.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const folder = process.argv[2];
let written = 0;
for (const line of fs.readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  const event = JSON.parse(line);
  const outputs = event.test_state?.outputs;
  const scripts = outputs?.user_data?.value ?? {};
  for (const [id, script] of Object.entries(scripts)) {
    const name = path.join(folder, event['@testrun']);
    if (id === '1') fs.writeFileSync(`${name}.sh`, script);
    fs.writeFileSync(`${name}-${id}.properties`, script.match(/node\.properties <<'SETTINGS'\n([^]*?)^SETTINGS$/m)[1]);
    written++;
  }
}
if (written === 0) {
  console.error('no run showed a script');
  process.exit(1);
}
