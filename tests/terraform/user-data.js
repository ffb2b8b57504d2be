// Reads `terraform test -json -verbose` and writes, below a folder, the script of node 1 of each run, <run>.sh, and the settings of
// each of its nodes, <run>-<id>.properties; the same of its gateways where there are any, <run>-gateway.…, as one of them would fill
// the settings in.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const folder = process.argv[2];
const settings = script => script.match(/node\.properties <<'SETTINGS'\n([^]*?)^SETTINGS$/m)[1];
let written = 0;
for (const line of fs.readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  const event = JSON.parse(line);
  const outputs = event.test_state?.outputs;
  const name = path.join(folder, event['@testrun'] ?? '');
  const scripts = outputs?.user_data?.value ?? {};
  for (const [id, script] of Object.entries(scripts)) {
    if (id === '1') fs.writeFileSync(`${name}.sh`, script);
    fs.writeFileSync(`${name}-${id}.properties`, settings(script));
    written++;
  }
  const gateway = outputs?.gateway_user_data?.value;
  if (gateway) {
    const own = { NODE_ID: '170393861', HOST: '10.40.1.5', ZONE: 'eu-west-1b' };
    fs.writeFileSync(`${name}-gateway.sh`, gateway);
    fs.writeFileSync(`${name}-gateway.properties`, settings(gateway).replace(/@([A-Z_]+)@/g, (_, key) => own[key]));
  }
}
if (written === 0) {
  console.error('no run showed a script');
  process.exit(1);
}
